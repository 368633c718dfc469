"""What a notebook imports: scenarios and results with their methods (`changji_sim` names them)."""
