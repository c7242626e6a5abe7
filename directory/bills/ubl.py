"""UBL 2.1 (ISO/IEC 19845): the words that writing and reading an invoice share. docs/bills.md has the mapping in a table.

Elements and their order are those of Peppol BIS Billing 3.0. It is not claimed to be one: that knows a single tax, VAT, one a
line, and addresses of its own network; here a line may have GST and QST, and companies are members.
"""

INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
NAMESPACES = {None: INVOICE, "cac": CAC, "cbc": CBC}

CUSTOMIZATION = "urn:carnet:invoice:1"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
COMMERCIAL_INVOICE = "380"  # UNTDID 1001

# UNTDID 5305, what kind of rate: standard, zero, and no tax at all.
STANDARD, ZERO, OUTSIDE = "S", "Z", "O"

# UNTDID 5153, what tax it is; the names are those that Canadians write on invoices. Any other name is another tax.
SCHEMES = {
    "VAT": ("VAT", "TVA"),
    "GST": ("GST", "TPS", "HST", "TVH"),
    "STT": ("QST", "TVQ", "PST", "TVP", "RST", "TVD"),
}
OTHER_SCHEME = "OTH"
