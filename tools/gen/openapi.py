from tools.gen.contracts import Contracts
def document(contracts: Contracts) -> dict[str, object]:
    return {}
