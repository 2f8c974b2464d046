package dev.servicepool.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.servicepool.internal.util.Nanos;
import dev.servicepool.PoolSettings;

/**
 * Warm-up of services whose requests share a connection. A service that joins without a
 * connection is cold until its first response, and after a period without traffic. A cold
 * service receives one request at a time. It may have to establish a connection first,
 * and concurrent requests would establish several. The other requests do not wait much
 * longer than connections to the target usually take. Guarded by the lock.
 */
final class WarmUp<Q, R> implements MaintenanceTask {

	/** The number of checks per {@code coldAfter}. */
	private static final int CHECKS = 4;

	/**
	 * The minimum time to wait. A client under load may need more time than the fastest
	 * connection took.
	 */
	private static final long MIN_WAIT = Duration.ofMillis(100).toNanos();

	/**
	 * The maximum time to wait. It applies if no connect time is known, and while another
	 * service of the target is warm. It applies after the loss of a connection, too: the
	 * lost requests would otherwise use the connections of other services, which may be
	 * about to end as well.
	 */
	private static final long MAX_WAIT = Duration.ofMillis(500).toNanos();

	/** The number of connect times to wait. */
	private static final int TOLERANCE = 2;

	private final long coldAfter;

	private final MemberRegistry<Q, R> registry;

	/**
	 * The cold services whose connection is awaited, and the time at which it should be
	 * established, in the order of detection.
	 */
	private final Map<Member<Q, R>, Long> expectedAt = new LinkedHashMap<>();

	/** Whether there may be services that can become cold. */
	private boolean watching;

	/** The time of the next check. */
	private long nextCheck;

	WarmUp(PoolSettings settings, MemberRegistry<Q, R> registry) {
		this.coldAfter = Nanos.of(settings.coldAfter());
		this.registry = registry;
	}

	/** Prepare a service that is about to join. */
	void beforeJoin(Member<Q, R> member, long now) {
		if (member.joinsConnected()) {
			watch(now);
		}
		else {
			connects(member);
		}
	}

	/** Expect that the next request of a service establishes a connection. */
	private void connects(Member<Q, R> member) {
		if (this.coldAfter > 0) {
			markCold(member);
			member.responsiveness.connects();
		}
	}

	private static void markCold(Member<?, ?> member) {
		if (member.canBeCold()) {
			member.limit.markCold();
		}
	}

	/**
	 * Await the connection of a cold service that has a request in flight, unless it is
	 * cold until it responds.
	 */
	void requestStarted(Member<Q, R> member, long now) {
		if (isWarmingUp(member)) {
			this.expectedAt.computeIfAbsent(member, (awaited) -> now + maxWait(awaited));
		}
	}

	private static boolean isWarmingUp(Member<?, ?> member) {
		return member.limit.isCold() && !member.limit.isColdUntilResponse() && member.permits.inFlight() > 0;
	}

	/** Detect the first requests that cold services received without the lock. */
	void noticeFirstRequests(long now) {
		if (this.coldAfter > 0) {
			this.registry.live().forEach((member) -> requestStarted(member, now));
		}
	}

	/** Handle the loss of the only connection of a service. */
	void reconnects(Member<Q, R> member) {
		connects(member);
		member.reconnecting(member.limit.isCold());
		this.expectedAt.remove(member);
	}

	/** Handle the end of a request, with or without a response. */
	void ended(Member<Q, R> member) {
		this.expectedAt.remove(member);
	}

	/**
	 * Mark a service as warm because it has begun to respond, or should have a connection
	 * by now.
	 */
	void warmed(Member<Q, R> member, long now) {
		member.limit.markWarm();
		member.reconnecting(false);
		this.expectedAt.remove(member);
		watch(now);
	}

	/** Check regularly which services have become cold. */
	private void watch(long now) {
		if (!this.watching && this.coldAfter > 0) {
			this.watching = true;
			this.nextCheck = now + interval();
		}
	}

	/**
	 * Return whether a cold service of another target has a request in flight that
	 * establishes its connection, unless it is cold until it responds.
	 */
	boolean isConnectingOther(Member<Q, R> member) {
		return this.registry.live()
			.stream()
			.anyMatch((other) -> !other.target.equals(member.target) && isWarmingUp(other)
					&& other.responsiveness.isConnecting());
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
				markCold(member);
			}
			this.watching |= !member.limit.isCold();
		}
	}

	/** Return the cold services whose connection should be established by now. */
	List<Member<Q, R>> overdue(long now) {
		if (this.expectedAt.isEmpty()) {
			return List.of();
		}
		this.expectedAt.keySet().removeIf((member) -> !member.isLive() || !isWarmingUp(member));
		return this.expectedAt.entrySet()
			.stream()
			.filter((expected) -> now - expected.getValue() >= 0)
			.map(Map.Entry::getKey)
			.toList();
	}

	/**
	 * Return the time after which the connection of a service should be established. It
	 * follows from the fastest of the last connections to its target, because a slow one
	 * may have been slow for reasons of its own, such as a new JVM.
	 */
	private long maxWait(Member<Q, R> member) {
		List<Member<Q, R>> others = this.registry.live()
			.stream()
			.filter((other) -> other.target.equals(member.target))
			.toList();
		if (member.isReconnecting() || others.stream().anyMatch((other) -> !other.limit.isCold())) {
			return MAX_WAIT;
		}
		long connectTime = others.stream()
			.mapToLong((other) -> other.responsiveness.connectTime())
			.filter((time) -> time > 0)
			.min()
			.orElse(MAX_WAIT);
		return Math.max(MIN_WAIT, Math.min(TOLERANCE * connectTime, MAX_WAIT));
	}

	/**
	 * Return whether cold services will be able to serve all waiting callers once they
	 * have a connection. A service that is warming up then counts like one that is being
	 * created.
	 * @param waiting the number of waiting callers
	 */
	boolean willServeAll(int waiting) {
		if (this.expectedAt.isEmpty()) {
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
		for (long expected : this.expectedAt.values()) {
			left = Math.min(left, expected - now);
		}
		return left;
	}

}
