"""What the accounting product says and asks: companies, members, and all that is held on one."""
