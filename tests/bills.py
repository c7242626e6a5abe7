"""What tests of bills share: an invoice that is right, and two companies that take each other's."""

from dataclasses import dataclass
from typing import Any

INVOICE = {
    "number": "F-1001",
    "issued_on": "2026-11-02",
    "due_on": "2026-12-02",
    "currency": "CAD",
    "lines": [
        {"description": "Vis à bois", "quantity": "10", "unit": "C62", "unit_price": "4.5", "amount": "45.00"},
        {"description": "Pose", "quantity": "1.5", "unit": "HUR", "unit_price": "60", "amount": "90.00"},
    ],
    "taxes": [
        {"name": "TPS", "rate": "5", "base": "135.00", "amount": "6.75"},
        {"name": "TVQ", "rate": "9.975", "base": "135.00", "amount": "13.47"},
    ],
    "net": "135.00",
    "tax": "20.22",
    "total": "155.22",
}


def invoice_of(total: str, **fields: Any) -> dict[str, Any]:
    """An invoice of one line and no tax."""
    line = {"description": "Vis", "quantity": "1", "unit_price": total, "amount": total}
    return {**INVOICE, "lines": [line], "taxes": [], "net": total, "tax": "0", "total": total, **fields}


@dataclass
class Trade:
    """`seller` has `buyer` among its customers (`customer` is the contact), and is among the vendors of `buyer`."""

    network: Any
    seller: Any
    buyer: Any
    customer: str
    vendor: str

    def sends(self, invoice: Any = None, *, key: str | None = None, customer: str | None = None, **fields: Any) -> Any:
        body = {"customer": customer or self.customer, **(invoice or INVOICE), **fields}
        return self.seller.ask("POST", "/v1/invoices", body, headers={"Idempotency-Key": key} if key else {})

    def sent(self, invoice: Any = None, **fields: Any) -> str:
        """Send it, numbered anew where no number is given; the id of the bill."""
        if "number" not in fields and invoice is None:
            fields["number"] = f"N-{len(self.bills())}"
        return self.sends(invoice, **fields).ok()["id"]

    def bills(self, query: str = "") -> Any:
        return self.buyer.ask("GET", f"/v1/bills{query}").ok()["bills"]

    def bill(self, bill_id: str) -> Any:
        return self.buyer.ask("GET", f"/v1/bills/{bill_id}").ok()

    def invoice(self, bill_id: str) -> Any:
        return self.seller.ask("GET", f"/v1/invoices/{bill_id}").ok()

    def decides(self, bill_id: str, move: str, body: Any = None, **headers: str) -> Any:
        path = f"/v1/bills/{bill_id}/{move}"
        return self.buyer.ask("POST", path, body, headers={n.replace("_", "-"): v for n, v in headers.items()})


def trade(network: Any, seller: str = "tremblay", buyer: str = "bitfarms") -> Trade:
    names = {"tremblay": "quincaillerie", "bitfarms": "bitf", "heroux": "heroux"}
    sells, buys = network.member(seller), network.member(buyer)
    return Trade(network, sells, buys, sells.saves(names[buyer], "customer"), buys.saves(names[seller], "vendor"))
