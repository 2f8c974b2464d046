package dev.servicepool;

import java.time.Duration;

/**
 * Which services are cold: those that have had no response yet, or no traffic for long. A
 * cold service gets one request at a time, since whatever it answers by, such as a
 * connection, may have to be established first, and many requests at once would establish
 * many. Guarded by the pool's lock.
 */
final class Warmth<Q, R> {

	/** How often services are looked at in the time after which they are cold. */
	private static final int LOOKS = 4;

	/**
	 * For so long those who wait for a first response are not taken for load, if they
	 * will all fit in after it: what is established then counts as being made. A response
	 * that takes longer must not keep the pool from growing.
	 */
	private static final long PATIENCE = Duration.ofMillis(250).toNanos();

	private final long coldAfter;

	private final Roster<Q, R> roster;

	/** Whether there may be services that can become cold. */
	private boolean watching;

	/** When they are looked at next. */
	private long lookAt;

	Warmth(PoolSettings settings, Roster<Q, R> roster) {
		this.coldAfter = Nanos.of(settings.coldAfter());
		this.roster = roster;
	}

	/** A service is about to join. */
	void joins(Member<Q, R> member) {
		if (this.coldAfter > 0) {
			member.limit.cool();
		}
	}

	/** A first response has begun. */
	void warmed(Member<Q, R> member, long now) {
		member.limit.warm();
		member.firstAwaited = false;
		if (!this.watching && this.coldAfter > 0) {
			this.watching = true;
			this.lookAt = now + interval();
		}
	}

	private long interval() {
		return Math.max(1, this.coldAfter / LOOKS);
	}

	/** Find out which services have become cold, if it is time. */
	void tend(long now) {
		if (!this.watching || now - this.lookAt < 0) {
			return;
		}
		this.watching = false;
		this.lookAt = now + interval();
		for (Member<Q, R> member : this.roster.live()) {
			if (member.isQuiet(this.coldAfter, now)) {
				member.limit.cool();
			}
			this.watching |= !member.limit.isCold();
		}
	}

	/**
	 * Whether callers who find nothing ready will all fit in soon, when cold services
	 * have answered their first request.
	 * @param waiting how many there are
	 */
	boolean promisesAll(int waiting, long now) {
		if (this.coldAfter == 0) {
			return false;
		}
		boolean hope = false;
		long places = 0;
		for (Member<Q, R> member : this.roster.live()) {
			boolean slow = isAwaited(member, now) && now - member.firstAwaitedSince >= PATIENCE;
			hope |= member.firstAwaited && !slow;
			places += slow ? 0 : member.limit.whenWarm() - member.permits.inFlight();
		}
		return hope && waiting <= places;
	}

	private boolean isAwaited(Member<Q, R> member, long now) {
		boolean awaited = member.limit.isCold() && member.permits.inFlight() > 0;
		if (awaited && !member.firstAwaited) {
			member.firstAwaitedSince = now;
		}
		member.firstAwaited = awaited;
		return awaited;
	}

	/** Return how long until one of them is to be looked at, in nanoseconds. */
	long nanosToNextDeadline(boolean callersHope, long now) {
		long left = this.watching ? this.lookAt - now : Long.MAX_VALUE;
		if (callersHope) {
			for (Member<Q, R> member : this.roster.live()) {
				long patience = member.firstAwaitedSince + PATIENCE - now;
				left = (member.firstAwaited && patience > 0) ? Math.min(left, patience) : left;
			}
		}
		return left;
	}

}
