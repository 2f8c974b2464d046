package dev.servicepool.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.servicepool.internal.util.Nanos;
import dev.servicepool.PoolSettings;

/**
 * Warm-up of services. A service is cold until its first response, and after a period
 * without traffic. A cold service receives one request at a time. It may have to
 * establish a connection first, and concurrent requests would establish several. Guarded
 * by the lock.
 */
final class WarmUp<Q, R> implements MaintenanceTask {

	/** The number of checks per {@code coldAfter}. */
	private static final int CHECKS = 4;

	/**
	 * The time after which a connection is assumed to be established and only the
	 * response to be slow.
	 */
	private static final long FIRST_RESPONSE_TIMEOUT = Duration.ofMillis(500).toNanos();

	private final long coldAfter;

	private final MemberRegistry<Q, R> registry;

	/**
	 * The cold services whose first response is awaited, and the time since then, in the
	 * order of detection.
	 */
	private final Map<Member<Q, R>, Long> awaitedSince = new LinkedHashMap<>();

	/** Whether there may be services that can become cold. */
	private boolean watching;

	/** The time of the next check. */
	private long nextCheck;

	WarmUp(PoolSettings settings, MemberRegistry<Q, R> registry) {
		this.coldAfter = Nanos.of(settings.coldAfter());
		this.registry = registry;
	}

	/** Prepare a service that is about to join. */
	void beforeJoin(Member<Q, R> member) {
		if (this.coldAfter > 0) {
			member.limit.markCold();
			member.responsiveness.connects();
		}
	}

	/**
	 * Await the first response of a cold service that has a request in flight and is not
	 * on probation.
	 */
	void requestStarted(Member<Q, R> member, long now) {
		if (member.limit.isCold() && !member.suspension.ejection.onProbation() && member.permits.inFlight() > 0) {
			this.awaitedSince.putIfAbsent(member, now);
		}
	}

	/** Detect the first requests that cold services received without the lock. */
	void noticeFirstRequests(long now) {
		if (this.coldAfter > 0) {
			this.registry.live().forEach((member) -> requestStarted(member, now));
		}
	}

	/** Handle the loss of the only connection of a service. */
	void reconnects(Member<Q, R> member) {
		beforeJoin(member);
		member.reconnecting(member.limit.isCold());
		this.awaitedSince.remove(member);
	}

	/** Handle the end of a request, with or without a response. */
	void ended(Member<Q, R> member) {
		this.awaitedSince.remove(member);
	}

	/** Mark a service as warm because its first response has begun or is overdue. */
	void warmed(Member<Q, R> member, long now) {
		member.limit.markWarm();
		member.reconnecting(false);
		this.awaitedSince.remove(member);
		if (!this.watching && this.coldAfter > 0) {
			this.watching = true;
			this.nextCheck = now + interval();
		}
	}

	private long interval() {
		return Math.max(1, this.coldAfter / CHECKS);
	}

	/** Find the services that have become cold, if a check is due. */
	@Override
	public void run(long now) {
		if (!this.watching || now - this.nextCheck < 0) {
			return;
		}
		this.watching = false;
		this.nextCheck = now + interval();
		for (Member<Q, R> member : this.registry.live()) {
			if (member.quietFor(now) >= this.coldAfter) {
				member.limit.markCold();
			}
			this.watching |= !member.limit.isCold();
		}
	}

	/** Return the cold services whose first response is overdue. */
	List<Member<Q, R>> overdue(long now) {
		if (this.awaitedSince.isEmpty()) {
			return List.of();
		}
		this.awaitedSince.keySet().removeIf((member) -> !member.isLive() || member.permits.inFlight() == 0);
		return this.awaitedSince.entrySet()
			.stream()
			.filter((awaited) -> now - awaited.getValue() >= FIRST_RESPONSE_TIMEOUT)
			.map(Map.Entry::getKey)
			.toList();
	}

	/**
	 * Return whether cold services will be able to serve all waiting callers once they
	 * have responded to their first request. A service that is warming up then counts
	 * like one that is being created.
	 * @param waiting the number of waiting callers
	 */
	boolean willServeAll(int waiting) {
		if (this.awaitedSince.isEmpty()) {
			return false;
		}
		long permits = 0;
		for (Member<Q, R> member : this.registry.live()) {
			permits += member.limit.whenWarm() - member.permits.inFlight();
		}
		return waiting <= permits;
	}

	@Override
	public long nanosToNextRun(long now) {
		long left = this.watching ? this.nextCheck - now : Long.MAX_VALUE;
		for (long first : this.awaitedSince.values()) {
			return Math.min(left, first + FIRST_RESPONSE_TIMEOUT - now);
		}
		return left;
	}

}
