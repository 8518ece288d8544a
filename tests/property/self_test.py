def run(c,t): return []
def tell(r): return 0
