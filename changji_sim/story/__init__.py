"""One application in one trial, step by step with its articles (来龙去脉)."""
