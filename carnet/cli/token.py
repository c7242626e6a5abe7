"""`carnet token`."""

import click

from api.bearer import issue
from carnet.cli.opening import records_as_they_are
from carnet.settings import BadSetting, read_settings
from directory.errors import Message, NotAMember, Refused
from directory.members import ensure_member, set_role
from directory.text import BadText, clean
from directory.values import KEPT_ROLES, Role


@click.command()
@click.option("--company", metavar="ID")
@click.option("--admin", is_flag=True, help="For the admin API: the accounting product's own token, nobody's member.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in KEPT_ROLES]),
    help="Given to the member; primary_admin for a new one.",
)
@click.option("--member", metavar="EMAIL", help="Who the member is; by default one that stands for the role.")
@click.option(
    "--days", default=1, show_default=True, type=click.IntRange(1, 366), help="How long the token is good for."
)
def token(company: str | None, admin: bool, role: str | None, member: str | None, days: int) -> None:
    """Print a signed token for a member of a company, who is made where there is none; or one for the admin API."""
    settings = read_settings()
    if not settings.jwt_key:
        raise BadSetting("CARNET_JWT_KEY is needed to sign a token.")
    if admin == bool(company):
        raise click.UsageError("Give either --company or --admin.")
    if admin and role:
        raise click.UsageError("--role is a member's; --admin has none.")
    wanted = Role(role or Role.PRIMARY_ADMIN)
    subject = member or ("admin@token.invalid" if admin else f"{wanted}@token.invalid")
    try:
        clean(subject, 254)
    except BadText as bad:
        raise click.BadParameter(str(bad.message), param_hint="--member") from None
    if company:
        records = records_as_they_are(settings)
        try:
            (set_role if role else ensure_member)(records, company, subject, wanted)
        except NotAMember:
            raise Refused(Message("There is no company %(company)s.", company=company)) from None
    click.echo(
        issue(
            settings.jwt_key,
            subject=subject,
            company=company or "",
            scope="admin" if admin else "network",
            issuer=settings.jwt_issuer,
            audience=settings.jwt_audience,
            life_s=days * 86_400,
        )
    )
