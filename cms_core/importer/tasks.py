"""Celery tasks of orders to merge: a service call each."""

from celery import shared_task

from . import orders


@shared_task(name="importer.work_off_order")
def work_off_order(*, order_id: int) -> None:
    """Look through or merge what an operator ordered."""
    orders.work_off(order_id)


@shared_task(name="importer.sweep_orders")
def sweep_orders() -> None:
    """Take up the orders that nobody works on."""
    for order_id in orders.forgotten_orders():
        orders.work_off(order_id)
