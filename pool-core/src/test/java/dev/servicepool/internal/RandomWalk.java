package dev.servicepool.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.servicepool.InvalidSettingException;
import dev.servicepool.Lease;
import dev.servicepool.PoolBounds;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.PoolSnapshot.ServiceSnapshot.State;
import dev.servicepool.Readiness;
import dev.servicepool.Target;
import dev.servicepool.load.LoadMetric;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A random walk over one pool and all operations that can happen to it.
 */
class RandomWalk {

	final Random random;

	private int limit;

	int maxServices;

	/** The maximum number of services, including those above a lowered maximum. */
	private long most = Long.MAX_VALUE;

	/** The requests in flight of each service before the last step. */
	private Map<Long, Integer> inFlight = Map.of();

	final FakeServices services = new FakeServices();

	final PoolFixture fixture;

	final List<Lease<String, String>> leases = new ArrayList<>();

	final List<Waiter<String, String>> waiting = new ArrayList<>();

	private final Map<Waiter<String, String>, Boolean> settled = new IdentityHashMap<>();

	/** The other lease of each request that is sent twice, while both are active. */
	private final Map<Lease<String, String>, Lease<String, String>> rivals = new IdentityHashMap<>();

	private long granted;

	private long ended;

	private long rejected;

	private long abandoned;

	private long retargeted;

	private long paused;

	private long resized;

	private long drained;

	private long undrained;

	private long reset;

	private long hedged;

	/** The ended leases of attempts that have not the outcome of their call. */
	private long lost;

	/** The leases of such attempts that are active. */
	private final Set<Lease<String, String>> losing = Collections.newSetFromMap(new IdentityHashMap<>());

	private final Set<String> drainedTargets = new HashSet<>();

	RandomWalk(long seed, UnaryOperator<PoolBuilder> options) {
		this.random = new Random(seed);
		this.limit = 1 + this.random.nextInt(4);
		int minServices = 1 + this.random.nextInt(2);
		this.maxServices = minServices + 1 + this.random.nextInt(5);
		boolean polled = seed % 2 == 0;
		this.services.each((service) -> {
			service.readiness = polled ? ((this.random.nextInt(5) == 0) ? Readiness.PENDING : Readiness.READY)
					: Readiness.ALWAYS;
			service.sharesConnection = seed % 4 > 0;
			service.closeFailure = (this.random.nextInt(10) == 0) ? new Exception("close") : null;
		});
		LoadMetric[] metrics = { LoadMetric.peakEwma(), LoadMetric.pendingRequests(), LoadMetric.constant() };
		this.fixture = PoolFixture.of(this.services,
				(pool) -> options.apply(pool)
					.maxConcurrency(this.limit)
					.minServices(minServices)
					.maxServices(this.maxServices)
					.maxWaiting(6)
					.urgency(0.3)
					.underutilizedBelow(0.01)
					.loadMetric(metrics[this.random.nextInt(metrics.length)])
					.closeTimeout(Duration.ofSeconds(5))
					.createTimeout(Duration.ofSeconds(2))
					.headroomWindow(Duration.ofMillis(200 * (seed % 3)))
					.idleTimeout(Duration.ofSeconds(5 * (seed % 4)))
					.maxLifetime(Duration.ofSeconds(20 * (seed % 5)))
					.coldAfter(Duration.ofSeconds(2 * (seed % 3)))
					.outlierDetection((detection) -> detection.consecutiveFailures(2)
						.interval(Duration.ofSeconds(2))
						.baseEjectionTime(Duration.ofSeconds(3))
						.maxEjectionTime(Duration.ofSeconds(8)))
					.failureWhen((cause) -> this.random.nextInt(4) > 0)
					.leakDetectionThreshold(Duration.ofMillis(500 * (seed % 2))));
	}

	void step() {
		switch (this.random.nextInt(18)) {
			case 0, 1, 2 -> ask(true);
			case 3 -> ask(false);
			case 4, 5, 6, 7 -> endLease();
			case 8, 9, 10 -> this.fixture.executor.runNext();
			case 11 -> abandon();
			case 12 -> timeOut();
			case 13 -> this.fixture.time.advance(Duration.ofMillis(this.random.nextInt(300)));
			case 14 -> disturb();
			case 15 -> occupy();
			case 16 -> hedge();
			default -> actRarely();
		}
		// A response that was recorded without the lock may cause work.
		this.fixture.tick();
		collect();
		check(this.fixture.pool.snapshot());
	}

	private void ask(boolean mayWait) {
		Waiter<String, String> waiter = this.fixture.acquirer().acquire(mayWait);
		if (mayWait || waiter.isSettled()) {
			this.waiting.add(waiter);
		}
	}

	private void occupy() {
		Lease<String, String> lease = pick();
		if (lease != null) {
			lease.occupy(this.random.nextDouble());
		}
	}

	/** Send a request a second time while its first attempt is in progress. */
	private void hedge() {
		Lease<String, String> first = pick();
		Lease<String, String> second = (first != null && !this.rivals.containsKey(first)) ? first.tryHedge() : null;
		if (second != null) {
			check("the attempts of a request use different services", second.service() != first.service());
			this.leases.add(second);
			this.rivals.put(first, second);
			this.rivals.put(second, first);
			this.hedged++;
			checkBudget();
		}
	}

	/** Check the budget after a further attempt. */
	void checkBudget() {
	}

	/**
	 * Decide the race of an attempt that ends. If it wins, the other one ends later, in
	 * any way. If it fails, the other one continues and may fail, too.
	 */
	private void decideRace(Lease<String, String> lease) {
		Lease<String, String> rival = this.rivals.remove(lease);
		if (rival != null) {
			this.rivals.remove(rival);
			boolean won = this.random.nextBoolean();
			if (won) {
				lease.recordResponse();
			}
			Lease<String, String> loser = won ? rival : lease;
			loser.markRepeated();
			this.losing.add(loser);
		}
	}

	/** Return a random lease, if there is one. */
	@Nullable Lease<String, String> pick() {
		return this.leases.isEmpty() ? null : this.leases.get(this.random.nextInt(this.leases.size()));
	}

	private void endLease() {
		Lease<String, String> lease = pick();
		if (lease != null) {
			this.leases.remove(lease);
			decideRace(lease);
			end(lease);
			this.ended++;
			this.lost += this.losing.remove(lease) ? 1 : 0;
			check("an attempt that has ended has no hedge", lease.tryHedge() == null);
			assertThat(lease.succeed()).as("second end of a lease").isFalse();
			lease.close();
		}
	}

	/** End a lease in a random way. */
	void end(Lease<String, String> lease) {
		if (this.random.nextInt(20) == 0) {
			lease.pauseFor(Duration.ofMillis(this.random.nextInt(3000)));
			this.paused++;
		}
		if (this.random.nextBoolean()) {
			lease.recordResponse();
		}
		switch (this.random.nextInt(5)) {
			case 4 -> refuse(lease);
			case 0 -> assertThat(lease.fail(new Exception("call"))).isTrue();
			case 1 -> assertThat(lease.returnUnsent()).isTrue();
			case 2 -> lease.close();
			default -> assertThat(lease.succeed()).isTrue();
		}
	}

	/** Have the server refuse the request, so that the caller asks again. */
	private void refuse(Lease<String, String> lease) {
		((PoolLease<String, String>) lease).endRefused();
		this.waiting.add(this.fixture.acquirer().acquireAgain(this.fixture.time.nanos(), null, List.of()));
	}

	private void abandon() {
		if (!this.waiting.isEmpty()) {
			this.fixture.acquirer().abandon(this.waiting.remove(this.random.nextInt(this.waiting.size())));
			this.abandoned++;
		}
	}

	private void timeOut() {
		if (!this.waiting.isEmpty()) {
			this.fixture.acquirer().giveUp(this.waiting.get(this.random.nextInt(this.waiting.size())));
		}
	}

	private void disturb() {
		if (this.services.created.isEmpty()) {
			return;
		}
		int recent = Math.min(this.services.created.size(), 2 * this.maxServices);
		FakeService service = this.services.created.get(this.services.created.size() - 1 - this.random.nextInt(recent));
		if (service.readiness == Readiness.ALWAYS || service.wakeUp == null) {
			return;
		}
		switch (this.random.nextInt(8)) {
			case 0 -> service.pollFailure = new Exception("poll");
			case 1, 2 -> service.readiness = Readiness.PENDING;
			case 3 -> service.duringPoll = (this.random.nextBoolean()) ? service.wakeUp : () -> {
			};
			default -> service.becomeReady();
		}
	}

	private void actRarely() {
		switch (this.random.nextInt(40)) {
			case 0 -> this.services.creations(FakeServices.fails(new Exception("creation")));
			case 1 -> this.services.creations(FakeServices.returnsNull());
			case 2 -> this.services.creations(FakeServices
				.takes(() -> this.fixture.time.advance(Duration.ofMillis(1500 + random.nextInt(1000)))));
			case 3 -> this.services.creations(FakeServices.takes(() -> ask(true)));
			case 4 -> drain();
			case 5 -> this.fixture.time.advance(Duration.ofSeconds(6));
			case 6 -> retarget();
			case 7 -> this.fixture.pool.replaceServices("new certificate");
			case 8 -> this.fixture.pool.tryReplaceServices("operator");
			case 9, 10, 11 -> changeBounds();
			case 12, 13 -> drainTarget();
			case 14, 15 -> undrainTarget();
			case 16 -> reset();
			default -> this.fixture.snapshot();
		}
	}

	private void drain() {
		try {
			this.fixture.pool.drain(Duration.ZERO);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void changeBounds() {
		int minServices = 1 + this.random.nextInt(2);
		int maxServices = minServices + this.random.nextInt(6);
		int limit = 1 + this.random.nextInt(4);
		try {
			this.fixture.pool.changeBounds(
					new PoolBounds(minServices, maxServices, limit, Duration.ofMillis(200 * this.random.nextInt(3))),
					"operator");
			this.resized++;
			this.maxServices = maxServices;
			this.limit = limit;
		}
		catch (InvalidSettingException ex) {
			assertThat(ex.setting()).isEqualTo("maxServices");
		}
		PoolSettings settings = this.fixture.pool.settings();
		assertThat(settings.maxServices()).isEqualTo(this.maxServices);
		assertThat(settings.maxConcurrency()).isEqualTo(this.limit);
	}

	private void drainTarget() {
		String target = target();
		try {
			this.fixture.pool.drainTarget(target, "operator");
			this.drainedTargets.add(target);
			this.drained++;
		}
		catch (InvalidSettingException ex) {
			assertThat(ex.setting()).isEqualTo("target");
		}
	}

	private void undrainTarget() {
		String target = target();
		try {
			this.fixture.pool.undrainTarget(target, "operator");
			this.undrained += this.drainedTargets.remove(target) ? 1 : 0;
		}
		catch (InvalidSettingException ex) {
			assertThat(this.drainedTargets).doesNotContain(target);
		}
	}

	private String target() {
		return List.of("a", "b", "c").get(this.random.nextInt(3));
	}

	private void reset() {
		this.fixture.pool.reset("operator");
		this.reset++;
		PoolSnapshot snapshot = this.fixture.pool.snapshot();
		assertThat(snapshot.size().ejected() + snapshot.size().paused()).isZero();
		assertThat(snapshot.services()).filteredOn((service) -> service.state() != State.DRAINING)
			.filteredOn((service) -> service.state() != State.CLOSING)
			.allSatisfy((service) -> assertThat(service.load().learnedLimit()).hasValue(this.limit));
	}

	private void retarget() {
		this.fixture.pool
			.retarget(Stream.of("a", "b", "c").limit(1 + this.random.nextInt(3)).map(this::newTarget).toList());
		this.retargeted++;
	}

	/** Return a target that the pool may have to use. */
	Target newTarget(String name) {
		return Target.of(name);
	}

	/** Return the number of services that other targets may replace, even all of them. */
	long replaceable(PoolSnapshot snapshot) {
		return 0;
	}

	/** Convert each settled waiter into a lease, or count it as rejected. */
	private void collect() {
		this.waiting.removeIf((waiter) -> {
			if (!waiter.isSettled()) {
				return false;
			}
			assertThat(this.settled.put(waiter, true)).as("earlier result of the waiter").isNull();
			if (waiter.rejection() != null) {
				this.rejected++;
			}
			else {
				this.leases.add(this.fixture.lease(waiter));
				this.granted++;
			}
			return true;
		});
		this.settled.clear();
	}

	/** Return the maximum number of services that are not closed. */
	int mostServices() {
		return this.maxServices;
	}

	/** Check the invariants. */
	void check(PoolSnapshot snapshot) {
		PoolSnapshot.Size counts = snapshot.size();
		PoolSnapshot.Creations creations = snapshot.totals().creations();
		check("created = live + draining + closing + drained + evicted",
				creations.created() == counts.total() + creations.drained() + creations.evicted());
		check("attempts = created + failed + in progress + discarded late",
				creations.attempts() == creations.created() + creations.failed() + creations.inProgress()
						+ creations.discardedLate() && creations.inProgress() >= 0);
		check("the states add up to the total", counts.total() == counts.ready() + counts.busy() + counts.pending()
				+ counts.paused() + counts.ejected() + counts.draining() + counts.closing());
		check("the snapshot lists each service", counts.total() == snapshot.services().size());
		check("at most half of the services are ejected, never the only one, or those of all preferred targets",
				counts.ejected() <= Math.max(counts.live() / 2, replaceable(snapshot)));
		this.most = Math.max(mostServices(), Math.min(this.most, counts.total() + counts.creating()));
		check("at most maxServices exist, except for services that drain after the maximum was lowered",
				counts.total() + counts.creating() <= this.most);
		check("each active lease is in flight, and at most one poll per service for the wait queue",
				snapshot.load().inFlight() >= openLeases(snapshot)
						&& snapshot.load().inFlight() <= this.leases.size() + counts.total());
		check("no caller waits while a service is ready",
				counts.ready() == 0 || this.waiting.stream().allMatch((waiter) -> waiter.wanted != null));
		check("the snapshot counts the waiting callers", snapshot.load().waiting() == this.waiting.size());
		check("the load estimate is within its bounds",
				snapshot.load().estimate() >= 0 && snapshot.load().estimate() <= 0.2);
		for (PoolSnapshot.ServiceSnapshot member : snapshot.services()) {
			int before = this.inFlight.getOrDefault(member.id(), 0);
			check("requests in flight are within the limit, or no more than before it was lowered",
					member.load().inFlight() >= 0 && member.load().inFlight() <= Math.max(this.limit, before));
			boolean retired = member.state() == State.DRAINING || member.state() == State.CLOSING;
			check("each live service has the configured limit at most",
					retired || member.load().limit().orElseThrow() <= this.limit);
			check("no live service is for a drained target", retired || !this.drainedTargets.contains(member.target()));
		}
		this.inFlight = snapshot.services()
			.stream()
			.collect(Collectors.toMap(PoolSnapshot.ServiceSnapshot::id, (service) -> service.load().inFlight()));
		check("the snapshot names the drained targets",
				Set.copyOf(snapshot.health().drainedTargets()).equals(this.drainedTargets));
		PoolSnapshot.Calls calls = snapshot.totals().calls();
		long outcomes = calls.succeeded() + calls.failed() + calls.ignored() + calls.unsent() + calls.unknown();
		check("each ended lease has one outcome", outcomes >= this.ended);
		check("an attempt that has lost has no outcome of a call", calls.unknown() >= this.lost);
		PoolSnapshot.Retries retries = snapshot.totals().retries();
		check("each attempt from the budget was sent",
				retries.attempts() >= sentAgain() && retries.attempts() <= mostSentAgain());
		check("each hedge is counted once, and wins at most once",
				retries.hedges() == this.hedged && retries.hedgesWon() <= this.hedged);
	}

	/** Return the number of further attempts that were certainly within the budget. */
	long sentAgain() {
		return this.hedged;
	}

	/** Return the number of further attempts. */
	long mostSentAgain() {
		return this.hedged;
	}

	/**
	 * Return the number of leases whose service is not closed. A service is closed while
	 * requests are in flight if too many services are draining. The snapshot does not
	 * list it any more if that takes too long.
	 */
	private long openLeases(PoolSnapshot snapshot) {
		Set<String> listed = snapshot.services()
			.stream()
			.map((service) -> service.details().get("name"))
			.collect(Collectors.toSet());
		return this.leases.stream()
			.map((lease) -> (FakeService) lease.service())
			.filter((service) -> service.closes == 0 && listed.contains(service.name))
			.count();
	}

	/** Throw an error if a condition is false. Cheaper than an AssertJ assertion. */
	final void check(String rule, boolean condition) {
		if (!condition) {
			throw new AssertionError("Violated: " + rule + ": " + this.fixture.snapshot() + ", " + this.leases.size()
					+ " leases, " + this.waiting.size() + " waiters");
		}
	}

	void end() {
		this.leases.forEach(Lease::close);
		this.ended += this.leases.size();
		this.leases.clear();
		this.services.each((service) -> service.readiness = Readiness.ALWAYS);
		Thread.currentThread().interrupt();
		this.fixture.pool.close();
		assertThat(Thread.interrupted()).as("interrupt status").isTrue();
		this.fixture.settle().after(Duration.ofMinutes(1));
		PoolSnapshot snapshot = this.fixture.snapshot();
		assertThat(snapshot.load().inFlight()).isZero();
		assertThat(snapshot.load().waiting()).isZero();
		assertThat(snapshot.services()).isEmpty();
		assertThat(snapshot.totals().creations().inProgress()).isZero();
		assertThat(this.services.created).as("closes of each service")
			.allSatisfy((service) -> assertThat(service.closes).isOne());
		assertThat(this.waiting).allMatch(Waiter::isSettled);
	}

	List<Long> kinds() {
		PoolSnapshot snapshot = this.fixture.snapshot();
		return List.of(this.granted, this.ended, this.rejected, this.abandoned, this.retargeted, this.paused,
				this.resized, this.drained, this.undrained, this.reset, this.hedged, this.lost,
				snapshot.totals().retries().hedgesWon(), snapshot.totals().ejections(),
				snapshot.totals().creations().drained(), snapshot.totals().creations().failed(),
				snapshot.totals().creations().discardedLate(), snapshot.totals().calls().failed(),
				snapshot.totals().calls().ignored(), snapshot.totals().calls().unsent(),
				snapshot.totals().calls().unknown(), snapshot.totals().calls().rejected(),
				snapshot.totals().calls().timedOut());
	}

}
