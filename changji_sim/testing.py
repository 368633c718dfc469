"""For authors of modes: `check_support_mode` holds a mode to the contract."""

from .modes.contract.contract import check_support_mode, contract_report
from .modes.contract.contract_report import ContractReport

__all__ = ["ContractReport", "check_support_mode", "contract_report"]
