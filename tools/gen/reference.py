from tools.gen.contracts import Contracts
def document(contracts: Contracts) -> str:
    return ""
