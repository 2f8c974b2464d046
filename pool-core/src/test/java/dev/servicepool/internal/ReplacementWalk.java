package dev.servicepool.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import dev.servicepool.Lease;
import dev.servicepool.Outcome;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.PoolSnapshot.ServiceSnapshot;
import dev.servicepool.Service;
import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;

/**
 * A random walk in which services are replaced and requests are sent again.
 */
final class ReplacementWalk extends RandomWalk {

	private static final double RETRY_RATIO = 0.1;

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final int maxSurge;

	/** The service that neither responds nor ends its requests, if any. */
	private @Nullable Service<String, String> frozen;

	/** The target that each caller of a repeated request avoids. */
	private final Map<Waiter<String, String>, Target> avoided = new IdentityHashMap<>();

	/** The times of the repetitions that the budget allowed, in nanoseconds. */
	private final Deque<Long> repetitions = new ArrayDeque<>();

	/** The number of calls at earlier times. */
	private final Deque<Calls> calls = new ArrayDeque<>();

	private int eventsSeen;

	/** The number of services that were retired or evicted. */
	private long retired;

	private long replaced;

	private long broken;

	private long worn;

	private long stale;

	private long overdue;

	private long unsent;

	private long repeated;

	private long denied;

	private long repeatedAtOnce;

	private record Calls(long time, long number) {
	}

	/** A failure with an outcome. */
	private static final class Failed extends Exception {

		private static final long serialVersionUID = 1L;

		private final Outcome outcome;

		Failed(Outcome outcome) {
			super(outcome.name());
			this.outcome = outcome;
		}

	}

	ReplacementWalk(long seed) {
		super(seed, (pool) -> options(pool, seed));
		this.maxSurge = maxSurge(seed);
	}

	private static int maxSurge(long seed) {
		return (int) (seed % 3);
	}

	private static PoolBuilder options(PoolBuilder pool, long seed) {
		return pool.maxSurge(maxSurge(seed))
			.replaceRatio(0.25 * (seed % 5))
			.drainTimeout(Duration.ofSeconds(2))
			.maxRequestsPerService(12)
			.maxIdleTime(Duration.ofSeconds(2))
			.retryBudgetRatio(RETRY_RATIO)
			.retryBudgetPerSecond(0)
			.brokenWhen((cause) -> outcome(cause) == Outcome.BROKEN)
			.failureClassifier(ReplacementWalk::outcome);
	}

	private static Outcome outcome(Throwable cause) {
		return (cause instanceof Failed failed) ? failed.outcome : Outcome.SERVER_ERROR;
	}

	@Override
	void step() {
		if (this.random.nextInt(750) == 0) {
			Lease<String, String> lease = super.pick();
			this.frozen = (lease != null) ? lease.service() : null;
		}
		super.step();
	}

	/** Return a random lease that a response can end, if there is one. */
	@Override
	@Nullable Lease<String, String> pick() {
		Lease<String, String> lease = super.pick();
		return (lease != null && lease.service() == this.frozen) ? null : lease;
	}

	@Override
	void end(Lease<String, String> lease) {
		if (this.random.nextInt(3) > 0) {
			super.end(lease);
			return;
		}
		Outcome[] outcomes = Outcome.values();
		Failed cause = new Failed(outcomes[this.random.nextInt(outcomes.length)]);
		switch (this.random.nextInt(3)) {
			case 0 -> assertEnds(lease.fail(cause));
			case 1 -> repeat(lease, cause);
			default -> repeatWithoutWaiting(lease, cause);
		}
	}

	/** Have the caller send the request again if a permit is free. */
	private void repeatWithoutWaiting(Lease<String, String> lease, Failed cause) {
		boolean sameAllowed = this.random.nextBoolean();
		Lease<String, String> other = lease.tryOther((target) -> sameAllowed || !target.equals(lease.target()),
				(target) -> !target.equals(lease.target()));
		if (other != null) {
			check("the other lease has an allowed target", sameAllowed || !other.target().equals(lease.target()));
			this.repeatedAtOnce++;
			checkBudget();
			this.leases.add(other);
		}
		assertEnds(this.random.nextBoolean() ? lease.succeed() : lease.fail(cause));
	}

	@Override
	long sentAgain() {
		return super.sentAgain() + this.repeatedAtOnce;
	}

	/** Return the number of further attempts, of which some need no budget. */
	@Override
	long mostSentAgain() {
		return sentAgain() + this.repeated + this.unsent;
	}

	private void assertEnds(boolean ended) {
		check("the lease ends", ended);
	}

	/** Have the caller send the request again, preferably to another target. */
	private void repeat(Lease<String, String> lease, Failed cause) {
		Predicate<Target> others = (target) -> !target.equals(lease.target());
		boolean classified = cause.outcome != Outcome.NOT_SENT && cause.outcome != Outcome.BROKEN;
		var conditions = ((PoolLease<String, String>) lease).endFailed(cause, others);
		if (conditions == null) {
			this.denied++;
			assertEnds(lease.fail(cause));
			return;
		}
		if (classified) {
			this.repeated++;
			checkBudget();
		}
		else {
			this.unsent++;
		}
		Waiter<String, String> waiter = this.fixture.acquirer()
			.acquireAgain(this.fixture.time.nanos(), conditions.wanted(), conditions.preferences());
		this.waiting.add(waiter);
		if (waiter.wanted != null) {
			this.avoided.put(waiter, lease.target());
		}
	}

	@Override
	void checkBudget() {
		long now = this.fixture.time.elapsed();
		this.repetitions.addLast(now);
		while (now - this.repetitions.getFirst() > 9 * SECOND) {
			this.repetitions.removeFirst();
		}
		long recent = calls(this.fixture.snapshot()) - callsBefore(now - 10 * SECOND);
		check("repetitions are within the budget", this.repetitions.size() <= RETRY_RATIO * recent);
	}

	/**
	 * Return the number of calls until a time. A service that is polled has a permit in
	 * use for a moment. Therefore, the lowest number since then is the right one.
	 */
	private long callsBefore(long time) {
		long before = 0;
		long lowest = Long.MAX_VALUE;
		for (Calls each : this.calls) {
			boolean early = each.time <= time;
			before = early ? each.number : before;
			lowest = early ? each.number : Math.min(lowest, each.number);
		}
		return Math.min(before, lowest);
	}

	private static long calls(PoolSnapshot snapshot) {
		PoolSnapshot.Calls calls = snapshot.totals().calls();
		return calls.succeeded() + calls.failed() + calls.ignored() + calls.unsent() + calls.unknown()
				+ snapshot.load().inFlight();
	}

	@Override
	int mostServices() {
		return (this.maxSurge == 0) ? this.maxServices : 3 * this.maxServices + this.maxSurge;
	}

	@Override
	void check(PoolSnapshot snapshot) {
		super.check(snapshot);
		PoolSnapshot.Size size = snapshot.size();
		check("replacements exceed maxServices by the surge at most",
				size.live() + size.creating() <= this.maxServices + this.maxSurge);
		count(this.fixture.events.subList(this.eventsSeen, this.fixture.events.size()));
		this.eventsSeen = this.fixture.events.size();
		check("created = live + retired or evicted",
				snapshot.totals().creations().created() == size.live() + this.retired);
		this.avoided.keySet().retainAll(this.waiting);
		for (ServiceSnapshot service : snapshot.services()) {
			check("no repeated request waits while a preferred service is ready",
					service.state() != ServiceSnapshot.State.READY || this.avoided.values()
						.stream()
						.allMatch((target) -> target.name().equals(service.target())));
		}
		long now = this.fixture.time.elapsed();
		this.calls.addLast(new Calls(now, calls(snapshot)));
		while (now - this.calls.getFirst().time > 12 * SECOND) {
			this.calls.removeFirst();
		}
	}

	private void count(List<PoolEvent> events) {
		for (PoolEvent event : events) {
			this.retired += (event.type() == Type.RETIRED || event.type() == Type.EVICTED) ? 1 : 0;
			this.replaced += (event.reason() == Reason.REPLACED) ? 1 : 0;
			this.broken += event.message().startsWith("broken: ") ? 1 : 0;
			this.worn += (event.reason() == Reason.MAX_REQUESTS) ? 1 : 0;
			this.stale += (event.reason() == Reason.MAX_IDLE_TIME) ? 1 : 0;
			this.overdue += event.message().contains("no response for ") ? 1 : 0;
		}
	}

	@Override
	List<Long> kinds() {
		List<Long> kinds = new ArrayList<>(super.kinds());
		kinds.addAll(List.of(this.broken, this.worn, this.overdue, this.unsent, this.repeated, this.denied,
				this.repeatedAtOnce));
		if (this.maxSurge > 0) {
			// Without a surge, the services of this walk rarely leave a slot free.
			kinds.addAll(List.of(this.stale, this.replaced));
		}
		return kinds;
	}

}
