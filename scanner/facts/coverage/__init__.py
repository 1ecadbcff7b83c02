"""What keys protect: references resolved, stores judged by the key behind them, keys by what rests on them."""
