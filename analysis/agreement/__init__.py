"""How far a judge and the experts agree: intraclass correlations, ordinal coefficients, variance components."""
