"""Invoices from one company to another, and what becomes of them.

What the sender calls an invoice is the receiver's bill. It arrives only under the conditions of `directory.bills.sending`,
is never approved by itself, and stays readable and decidable whatever becomes of either side afterwards.
"""
