"""What members are told, in a few lines: the whole of what the machinery is for."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Company:
    region: str
    name: str
    visible: bool = True
    erased: bool = False


class Model(dict[str, Company]):
    def imports(self, company_id: str, region: str, name: str) -> None:
        if company_id not in self:
            self[company_id] = Company(region, name)
        elif not self[company_id].erased:
            self.change(company_id, region=region, name=name)

    def change(self, company_id: str, **said: object) -> None:
        self[company_id] = replace(self[company_id], **said)

    def restored(self, backup: "Model") -> None:
        """What was chosen stands in the journal; all else is as it was."""
        for company_id, then in backup.items():
            self.change(company_id, region=then.region, name=then.name)

    def shown(self, region: str) -> dict[str, str]:
        return {c: one.name for c, one in self.items() if one.region == region and one.visible and not one.erased}
