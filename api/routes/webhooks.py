"""Webhooks: being told of changes instead of asking."""

from typing import Any
from uuid import UUID

from api.routes.blueprint import idempotency_key, moment, needs_no_body, network_blueprint, permits
from api.schemas.webhooks import CreatedWebhook, NewWebhook, Nothing, Webhooks
from api.schemas.webhooks import Webhook as WebhookSchema
from api.services import services
from api.sign_in import asker
from directory.permissions import Action
from directory.updates.webhooks import Webhook, create_webhook, delete_webhook, list_webhooks, switch_on

webhooks = network_blueprint("webhooks", __name__, "Being told of changes instead of asking. The feed is the truth.")


@webhooks.get("/webhooks")
@webhooks.response(200, Webhooks)
@permits(Action.MANAGE_WEBHOOKS)
def get_webhooks() -> dict[str, Any]:
    """One's webhooks, and how their deliveries go; ten at most."""
    return {"webhooks": [_said(webhook) for webhook in list_webhooks(services().records, asker())]}


@webhooks.post("/webhooks")
@webhooks.creates()
@webhooks.arguments(NewWebhook)
@webhooks.response(201, CreatedWebhook)
@permits(Action.MANAGE_WEBHOOKS)
def post_webhook(sent: dict[str, Any]) -> dict[str, Any]:
    """A webhook that is told of what happens from now on. Keep the secret: it is said here and never again."""
    carnet = services()
    made, secret = create_webhook(
        carnet.records, carnet.tokens, carnet.courier, asker(), sent["url"], idempotency_key()
    )
    return {**_said(made), "secret": secret}


@webhooks.delete("/webhooks/<uuid:webhook_id>")
@webhooks.response(204)
@permits(Action.MANAGE_WEBHOOKS)
def delete(webhook_id: UUID) -> None:
    """Nothing more is sent; one message may be under way at this moment."""
    delete_webhook(services().records, asker(), str(webhook_id))


@webhooks.post("/webhooks/<uuid:webhook_id>/switch-on")
@webhooks.arguments(Nothing, required=False)
@webhooks.response(200, WebhookSchema)
@needs_no_body
@permits(Action.MANAGE_WEBHOOKS)
def post_switch_on(_nothing: dict[str, Any], webhook_id: UUID) -> dict[str, Any]:
    """Go on with a webhook that was switched off, with what it was not told."""
    return _said(switch_on(services().records, asker(), str(webhook_id)))


def _said(webhook: Webhook) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": webhook.id,
        "url": webhook.url,
        "active": webhook.active,
        "failures": webhook.failures,
        "created_at": moment(webhook.created_at),
    }
    if webhook.switched_off_because:
        said["switched_off_because"] = webhook.switched_off_because
    if webhook.failing_since:
        said["failing_since"] = moment(webhook.failing_since)
    if webhook.trouble:
        said["last_failure"] = webhook.trouble
    if webhook.active and webhook.failures:
        said["next_attempt_at"] = moment(webhook.next_at)
    return said
