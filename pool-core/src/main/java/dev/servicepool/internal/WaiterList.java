package dev.servicepool.internal;

import org.jspecify.annotations.Nullable;

/**
 * List of waiting callers in FIFO order. Each operation takes constant time, so that ten
 * thousand callers can time out concurrently. Guarded by the lock.
 */
final class WaiterList<Q, R> {

	private @Nullable Waiter<Q, R> first;

	private @Nullable Waiter<Q, R> last;

	private int size;

	int size() {
		return this.size;
	}

	@Nullable Waiter<Q, R> first() {
		return this.first;
	}

	void addLast(Waiter<Q, R> waiter) {
		link(this.last, waiter, null);
	}

	void addFirst(Waiter<Q, R> waiter) {
		link(null, waiter, this.first);
	}

	void remove(Waiter<Q, R> waiter) {
		Waiter<Q, R> previous = waiter.previous;
		Waiter<Q, R> next = waiter.next;
		if (previous != null) {
			previous.next = next;
		}
		else {
			this.first = next;
		}
		if (next != null) {
			next.previous = previous;
		}
		else {
			this.last = previous;
		}
		waiter.previous = null;
		waiter.next = null;
		waiter.queued = false;
		this.size--;
	}

	private void link(@Nullable Waiter<Q, R> previous, Waiter<Q, R> waiter, @Nullable Waiter<Q, R> next) {
		waiter.previous = previous;
		waiter.next = next;
		if (previous != null) {
			previous.next = waiter;
		}
		else {
			this.first = waiter;
		}
		if (next != null) {
			next.previous = waiter;
		}
		else {
			this.last = waiter;
		}
		waiter.queued = true;
		this.size++;
	}

}
