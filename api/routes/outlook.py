"""Bills to look at now, and what is to be paid when."""

from typing import Any

from api.routes.bills import day_asked, summary
from api.routes.blueprint import network_blueprint, permits
from api.schemas.bills import CashFlow, CashFlowQuery, Reminders, RemindersQuery
from api.services import services
from api.sign_in import asker
from directory.bills import cash_flow, reminders
from directory.bills.dates import today
from directory.bills.reading import page_key
from directory.permissions import Action

outlook = network_blueprint("outlook", __name__, "Bills to look at now, and what is to be paid when.")


@outlook.get("/bills/reminders")
@outlook.arguments(RemindersQuery, location="query")
@outlook.response(200, Reminders)
@permits(Action.READ_BILLS)
def get_reminders(query: dict[str, Any]) -> dict[str, Any]:
    """Bills that are overdue, due within so many days, or scheduled for today or before. Today is UTC's unless said."""
    day, within, limit = day_asked(query, "today") or today(), query["within"], query["limit"]
    page = reminders.list_reminders(
        services().records, asker(), day, within, after=query.get("after", ""), limit=limit + 1
    )
    found = [{**summary(row), "reasons": reminders.reasons(row, day, within)} for row in page[:limit]]
    shown = {"today": day, "reminders": found}
    return {**shown, "next": page_key(page[limit - 1])} if len(page) > limit else shown


@outlook.get("/bills/cash-flow")
@outlook.arguments(CashFlowQuery, location="query")
@outlook.response(200, CashFlow)
@permits(Action.READ_BILLS)
def get_cash_flow(query: dict[str, Any]) -> dict[str, Any]:
    """What is to be paid, by ISO week and currency. What is overdue stands in the present week."""
    day = day_asked(query, "today") or today()
    weeks = cash_flow.cash_flow(services().records, asker(), day, query["weeks"])
    return {
        "today": day,
        "weeks": [
            {
                "week": week.name,
                "starts_on": week.starts_on,
                "currencies": [
                    {
                        "currency": currency,
                        "due": f"{flow.due:f}",
                        "scheduled": f"{flow.scheduled:f}",
                        "overdue": f"{flow.overdue:f}",
                    }
                    for currency, flow in week.flows.items()
                ],
            }
            for week in weeks
        ],
    }
