package dev.servicepool;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which services are cold: those that have had no response yet, or no traffic for long. A
 * cold service gets one request at a time, since whatever it answers by, such as a
 * connection, may have to be established first, and many requests at once would establish
 * many. Guarded by the pool's lock.
 */
final class WarmUp<Q, R> {

	/** How often services are looked at in the time after which they are cold. */
	private static final int LOOKS = 4;

	/**
	 * After so long whatever had to be established is taken to be there, and the response
	 * for what is slow.
	 */
	private static final long PATIENCE = Duration.ofMillis(500).toNanos();

	private final long coldAfter;

	private final MemberRegistry<Q, R> registry;

	/**
	 * Cold services whose first response is awaited, in the order in which this was
	 * noticed.
	 */
	private final Set<Member<Q, R>> awaited = new LinkedHashSet<>();

	/** Whether there may be services that can become cold. */
	private boolean watching;

	/** When they are looked at next. */
	private long lookAt;

	WarmUp(PoolSettings settings, MemberRegistry<Q, R> registry) {
		this.coldAfter = Nanos.of(settings.coldAfter());
		this.registry = registry;
	}

	/** A service is about to join. */
	void joins(Member<Q, R> member) {
		if (this.coldAfter > 0) {
			member.limit.cool();
		}
	}

	/** A service may have been given its first request, other than on trial. */
	void called(Member<Q, R> member, long now) {
		if (member.limit.isCold() && !member.suspension.ejection.onProbation() && member.permits.inFlight() > 0
				&& this.awaited.add(member)) {
			member.firstAwaitedSince = now;
		}
	}

	/** Notice the first requests that cold services received without the lock. */
	void noticeFirstRequests(long now) {
		if (this.coldAfter > 0) {
			this.registry.live().forEach((member) -> called(member, now));
		}
	}

	/** A request has ended, with or without a response. */
	void ended(Member<Q, R> member) {
		this.awaited.remove(member);
	}

	/** A first response has begun, or will take longer than what comes before it. */
	void warmed(Member<Q, R> member, long now) {
		member.limit.warm();
		this.awaited.remove(member);
		if (!this.watching && this.coldAfter > 0) {
			this.watching = true;
			this.lookAt = now + interval();
		}
	}

	private long interval() {
		return Math.max(1, this.coldAfter / LOOKS);
	}

	/** Find out which services have become cold, if it is time. */
	void run(long now) {
		if (!this.watching || now - this.lookAt < 0) {
			return;
		}
		this.watching = false;
		this.lookAt = now + interval();
		for (Member<Q, R> member : this.registry.live()) {
			if (member.isQuiet(this.coldAfter, now)) {
				member.limit.cool();
			}
			this.watching |= !member.limit.isCold();
		}
	}

	/** Return the cold services whose first response has been awaited long enough. */
	List<Member<Q, R>> overdue(long now) {
		if (this.awaited.isEmpty()) {
			return List.of();
		}
		this.awaited.removeIf((member) -> !member.isLive() || member.permits.inFlight() == 0);
		return this.awaited.stream().filter((member) -> now - member.firstAwaitedSince >= PATIENCE).toList();
	}

	/**
	 * Whether callers who find nothing ready will all fit in soon, when cold services
	 * have answered their first request: what is established then counts as being made.
	 * @param waiting how many there are
	 */
	boolean promisesAll(int waiting) {
		if (this.awaited.isEmpty()) {
			return false;
		}
		long permits = 0;
		for (Member<Q, R> member : this.registry.live()) {
			permits += member.limit.whenWarm() - member.permits.inFlight();
		}
		return waiting <= permits;
	}

	/** Return how long until one of them is to be looked at, in nanoseconds. */
	long nanosToNextDeadline(long now) {
		long left = this.watching ? this.lookAt - now : Long.MAX_VALUE;
		for (Member<Q, R> first : this.awaited) {
			return Math.min(left, first.firstAwaitedSince + PATIENCE - now);
		}
		return left;
	}

}
