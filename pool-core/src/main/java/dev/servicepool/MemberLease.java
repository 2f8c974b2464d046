package dev.servicepool;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.servicepool.load.LoadGauge.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A lease on one place of a member. The place is given back exactly once, by whichever
 * thread ends the lease first.
 */
final class MemberLease<Q, R> extends AtomicInteger implements Lease<Q, R> {

	private static final long serialVersionUID = 1L;

	/**
	 * The states, kept in the integer itself to spare an object. Above them are the
	 * places that a lease has taken beside its own since it was responded to.
	 */
	private static final int SENT = 0;

	private static final int RESPONDED = 1;

	private static final int ENDED = 2;

	private static final int PLACE = 4;

	private final transient ServicePool<Q, R> pool;

	private final transient Member<Q, R> member;

	private final transient long startedAt;

	/**
	 * When the caller asked for the lease, in the pool's time; 0 if nobody had to know.
	 */
	private final transient long askedAt;

	/** What is remembered of the lease, if the pool tracks its leases. */
	private final transient @Nullable Hold hold;

	MemberLease(ServicePool<Q, R> pool, Member<Q, R> member, long startedAt, long askedAt, @Nullable Hold hold) {
		this.pool = pool;
		this.member = member;
		this.startedAt = startedAt;
		this.askedAt = askedAt;
		this.hold = hold;
	}

	@Override
	public Service<Q, R> service() {
		return this.member.service;
	}

	@Override
	public Target target() {
		return this.member.target;
	}

	@Override
	public void usedFor(Object use) {
		if (this.hold != null) {
			this.hold.usedFor(use);
		}
	}

	@Override
	public void responded() {
		if (compareAndSet(SENT, RESPONDED)) {
			measure(Outcome.ANSWERED);
		}
	}

	@Override
	public void occupies(double share) {
		if (!(share >= 0 && share <= 1)) {
			throw new IllegalArgumentException("share is " + share + ", but must be from 0 to 1");
		}
		responded();
		int more = this.member.limit.places(share) - 1;
		if (more > 0 && compareAndSet(RESPONDED, RESPONDED + more * PLACE)) {
			this.pool.occupied(this.member, more);
		}
	}

	@Override
	public boolean succeeded() {
		return end(Outcome.ANSWERED, null);
	}

	@Override
	public boolean failed(Throwable cause) {
		return end(Outcome.FAILED, this.member.failed);
	}

	@Override
	public boolean unsent() {
		return end(Outcome.UNKNOWN, this.member.unsent);
	}

	@Override
	public Lease<Q, R> refused() throws InterruptedException {
		refuse();
		return this.pool.acquireAgain(this.askedAt);
	}

	/** End the lease as {@link #refused} does, without waiting for another. */
	void refuse() {
		if (!end(Outcome.UNKNOWN, this.member.unsent, true)) {
			throw new IllegalStateException("The lease has ended already");
		}
	}

	@Override
	public void close() {
		end(Outcome.UNKNOWN, this.member.unknown);
	}

	private boolean end(Outcome outcome, @Nullable AtomicLong counter) {
		return end(outcome, counter, false);
	}

	private boolean end(Outcome outcome, @Nullable AtomicLong counter, boolean refused) {
		int before = getAndSet(ENDED);
		if (before == ENDED) {
			return false;
		}
		try {
			if (before == SENT) {
				measure(outcome);
			}
		}
		finally {
			// Counted before the place is free: an ended request always has its outcome.
			if (counter != null) {
				counter.getAndIncrement();
			}
			if (this.hold != null && this.member.holds.remove(this.hold)) {
				this.pool.endedAfterAll(this.member, this.hold);
			}
			if (before >= PLACE) {
				this.pool.occupied(this.member, -(before / PLACE));
			}
			if (refused) {
				this.pool.refused(this.member);
			}
			else {
				this.pool.giveBack(this.member);
			}
		}
		return true;
	}

	private void measure(Outcome outcome) {
		this.member.responded(this.startedAt, this.pool.metricTime(), outcome);
		if (outcome == Outcome.ANSWERED && this.member.limit.isCold()) {
			this.pool.warmed(this.member);
		}
	}

	@Override
	public String toString() {
		return "Lease of " + this.member + " in pool '" + this.pool.name() + "'";
	}

}
