package dev.servicepool;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import dev.servicepool.internal.DefaultPool;
import dev.servicepool.internal.outlier.FailureRules;
import dev.servicepool.load.LoadMetric;
import org.jspecify.annotations.Nullable;

/**
 * Builder of a {@link Pool}. Only the {@link ServiceFactory} is required, because every
 * setting has a default.
 * <p>
 * A builder is not thread-safe.
 */
public final class PoolBuilder {

	/** The default of {@link #name}. */
	public static final String DEFAULT_NAME = "pool";

	private static final Logger logger = System.getLogger(PoolBuilder.class.getName());

	private String name = DEFAULT_NAME;

	private List<Target> targets = List.of();

	private final PoolSettings settings = new PoolSettings();

	private final OutlierDetectionBuilder outlierDetection = new OutlierDetectionBuilder();

	private FailureClassifier failureClassifier = FailureClassifier.GENERIC;

	private Predicate<? super Throwable> failureWhen = FailureRules.EACH;

	private Predicate<? super Throwable> brokenWhen = (cause) -> false;

	private final List<PoolListener> listeners = new ArrayList<>();

	private final List<TimingListener> timingListeners = new ArrayList<>();

	private Ticker ticker = Ticker.system();

	private InstantSource clock = InstantSource.system();

	private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();

	private Scheduler scheduler = Scheduler.shared();

	private @Nullable Executor executor;

	private @Nullable String identity;

	PoolBuilder() {
	}

	/**
	 * Set the name of the pool for messages, events and meters. Default:
	 * {@value #DEFAULT_NAME}.
	 * @param name the name, not blank
	 * @return this builder
	 */
	public PoolBuilder name(String name) {
		this.name = Objects.requireNonNull(name, "name");
		return this;
	}

	/**
	 * Set the targets of the services. The pool creates each new service for the target
	 * with the fewest services. To scale down, the pool removes a service of a target
	 * that has at least two services: preferably a suspect or ejected service, otherwise
	 * the newest one. Default: one target with the name of the pool.
	 * @param targets the targets, at least one, each with a different name
	 * @return this builder
	 */
	public PoolBuilder targets(Target... targets) {
		return targets(List.of(targets));
	}

	/**
	 * Set the targets of the services, see {@link #targets(Target...)}.
	 * @param targets the targets, each with a different name; an empty list for the
	 * default
	 * @return this builder
	 */
	public PoolBuilder targets(List<Target> targets) {
		this.targets = List.copyOf(targets);
		return this;
	}

	/**
	 * Set the zone of this application. The pool then prefers targets in this zone: only
	 * they always have a service, and a service for another target is used only if none
	 * of them is ready. If no target is in this zone, the pool ignores zones. Default:
	 * {@code null}.
	 * @param zone the zone; the pool ignores zones if it is {@code null} or blank
	 * @return this builder
	 */
	public PoolBuilder zone(@Nullable String zone) {
		this.settings.zone = (zone != null && !zone.isBlank()) ? zone : null;
		return this;
	}

	/**
	 * Set the number of targets that the pool prefers among those in its zone. Other
	 * targets have services only while the load is high, or if nothing in the subset
	 * works. The {@link #identity} determines the subset, in which a changed target
	 * changes at most one. Default: 0, so that the pool prefers all targets in its zone.
	 * @param targets the number of targets, at least 0
	 * @return this builder
	 */
	public PoolBuilder subset(int targets) {
		this.settings.subset = targets;
		return this;
	}

	/**
	 * Set the identity of this instance of the application. Instances with different
	 * identities use different {@linkplain #subset subsets}, and use the targets in other
	 * zones in different orders. The same identity has the same subset after a restart.
	 * Default: {@code null}, so that the subset is random.
	 * @param identity the identity
	 * @return this builder
	 */
	public PoolBuilder identity(@Nullable String identity) {
		this.identity = identity;
		return this;
	}

	/**
	 * Set the initial load estimate. The estimate restarts at this value after a low
	 * estimate caused a removal or a veto. Default:
	 * {@value PoolSettings#DEFAULT_INITIAL}.
	 * @param initial the load estimate, in [{@code underutilizedBelow},
	 * {@code loadedAbove}]
	 * @return this builder
	 */
	public PoolBuilder initial(double initial) {
		this.settings.initial = initial;
		return this;
	}

	/**
	 * Set the load estimate below which the pool removes a service. Default:
	 * {@value PoolSettings#DEFAULT_UNDERUTILIZED_BELOW}.
	 * @param underutilizedBelow the load estimate, in [0, 1]
	 * @return this builder
	 */
	public PoolBuilder underutilizedBelow(double underutilizedBelow) {
		this.settings.underutilizedBelow = underutilizedBelow;
		return this;
	}

	/**
	 * Set the load estimate above which the pool creates a service. Default:
	 * {@value PoolSettings#DEFAULT_LOADED_ABOVE}.
	 * @param loadedAbove the load estimate, in [0, 1]
	 * @return this builder
	 */
	public PoolBuilder loadedAbove(double loadedAbove) {
		this.settings.loadedAbove = loadedAbove;
		return this;
	}

	/**
	 * Set the weight of one sample in the load estimate. The higher the weight, the fewer
	 * samples are needed to cause a resize. Default:
	 * {@value PoolSettings#DEFAULT_URGENCY}.
	 * @param urgency the weight, in [0, 1]; the pool replaces a value outside this range
	 * with 0 or 1 and logs a warning
	 * @return this builder
	 */
	public PoolBuilder urgency(double urgency) {
		this.settings.urgency = urgency;
		return this;
	}

	/**
	 * Set how many services the pool creates when the load is high. Default:
	 * {@link ScaleUp#DEMAND}.
	 * @param scaleUp how the pool scales up
	 * @return this builder
	 */
	public PoolBuilder scaleUp(ScaleUp scaleUp) {
		this.settings.scaleUp = scaleUp;
		return this;
	}

	/**
	 * Set the minimum number of services. Each target that the pool prefers has at least
	 * one service regardless of this setting. Default:
	 * {@value PoolSettings#DEFAULT_MIN_SERVICES}.
	 * @param minServices the number of services, at least 1
	 * @return this builder
	 */
	public PoolBuilder minServices(int minServices) {
		this.settings.minServices = minServices;
		return this;
	}

	/**
	 * Set the maximum number of services. This number includes services that are being
	 * created, and retired services until they are closed. Default:
	 * {@link PoolSettings#UNLIMITED}.
	 * @param maxServices the number of services, at least {@code minServices} and at
	 * least the number of targets
	 * @return this builder
	 */
	public PoolBuilder maxServices(int maxServices) {
		this.settings.maxServices = maxServices;
		return this;
	}

	/**
	 * Set the maximum number of services that applies while {@link #maxServices} is not
	 * set. If there are more targets, the maximum is the number of targets, so that each
	 * target can have a service. Default: {@link PoolSettings#UNLIMITED}.
	 * @param maxServices the number of services, at least {@code minServices}
	 * @return this builder
	 */
	public PoolBuilder defaultMaxServices(int maxServices) {
		this.settings.defaultMaxServices = maxServices;
		return this;
	}

	/**
	 * Set the maximum number of concurrent requests per service. Without a limit, a
	 * service that does not override {@link Service#pollReady} is always ready, so that
	 * the pool never scales up. The pool logs a warning in this case. Default:
	 * {@link PoolSettings#UNLIMITED}.
	 * @param maxConcurrency the number of requests, at least 1
	 * @return this builder
	 */
	public PoolBuilder maxConcurrency(int maxConcurrency) {
		this.settings.maxConcurrency = maxConcurrency;
		return this;
	}

	/**
	 * Set the maximum time that a caller waits for a service, unless the caller passes a
	 * timeout to {@link Pool#acquire(Duration)}. Default:
	 * {@value PoolSettings#DEFAULT_ACQUIRE_TIMEOUT_SECONDS} s.
	 * @param acquireTimeout the maximum time to wait, at least zero
	 * @return this builder
	 */
	public PoolBuilder acquireTimeout(Duration acquireTimeout) {
		this.settings.acquireTimeout = acquireTimeout;
		return this;
	}

	/**
	 * Set the maximum number of waiting callers. The pool rejects further callers
	 * immediately. If the wait queue remains full after as many callers have been served,
	 * and the pool cannot scale up, callers wait at most 150 ms. Default:
	 * {@value PoolSettings#DEFAULT_MAX_WAITING}.
	 * @param maxWaiting the number of callers, at least 1
	 * @return this builder
	 */
	public PoolBuilder maxWaiting(int maxWaiting) {
		this.settings.maxWaiting = maxWaiting;
		return this;
	}

	/**
	 * Set the maximum time to create a service. After that time, the pool stops waiting
	 * for the attempt and backs off. Default:
	 * {@value PoolSettings#DEFAULT_CREATE_TIMEOUT_SECONDS} s.
	 * @param createTimeout the maximum time, greater than zero
	 * @return this builder
	 */
	public PoolBuilder createTimeout(Duration createTimeout) {
		this.settings.createTimeout = createTimeout;
		return this;
	}

	/**
	 * Set the time that the pool waits after the first failed attempt to create a service
	 * for a target. The time doubles after each further failure, up to
	 * {@code maxBackoff}. Each of these times is shortened at random by up to half.
	 * Default: {@value PoolSettings#DEFAULT_BACKOFF_MILLIS} ms.
	 * @param backoff the time to wait, greater than zero
	 * @return this builder
	 */
	public PoolBuilder backoff(Duration backoff) {
		this.settings.backoff = backoff;
		return this;
	}

	/**
	 * Set the maximum time that the pool waits after a failed attempt to create a
	 * service. Default: {@value PoolSettings#DEFAULT_MAX_BACKOFF_SECONDS} s.
	 * @param maxBackoff the maximum time to wait, at least {@code backoff}
	 * @return this builder
	 */
	public PoolBuilder maxBackoff(Duration maxBackoff) {
		this.settings.maxBackoff = maxBackoff;
		return this;
	}

	/**
	 * Set the maximum time that {@link Pool#close()} waits for requests in flight. The
	 * same timeout applies to each call of {@link Service#close()}: if the call has not
	 * returned after that time, the pool releases the slot of the service. Default:
	 * {@value PoolSettings#DEFAULT_CLOSE_TIMEOUT_SECONDS} s.
	 * @param closeTimeout the maximum time, at least zero
	 * @return this builder
	 */
	public PoolBuilder closeTimeout(Duration closeTimeout) {
		this.settings.closeTimeout = closeTimeout;
		return this;
	}

	/**
	 * Set the time over which the headroom guard observes the peak demand. Demand is the
	 * number of requests in flight and waiting callers. If the load estimate is low, the
	 * guard vetoes the removal of a service unless the other services can carry this
	 * peak.
	 * <p>
	 * The guard adapts its window. If the load requires a new service within three
	 * windows after a removal, the window is doubled, to at most eight times the
	 * configured value. If three windows pass and no new service is required, the window
	 * is halved, but not below the configured value. If callers come so slowly that the
	 * ready samples before a low load estimate took longer than the window, the peak
	 * during their time counts, up to eight times the configured value. If the samples
	 * took even longer, the peak during the {@link #idleTimeout} counts as well.
	 * <p>
	 * Without {@code maxConcurrency}, the capacity of a service is unknown. The guard
	 * then allows a removal only if each caller in the window found at least two services
	 * ready. Default: {@value PoolSettings#DEFAULT_HEADROOM_WINDOW_SECONDS} s.
	 * @param headroomWindow the window, at least zero; zero disables the guard, so that
	 * the pool removes a service whenever the load estimate is low
	 * @return this builder
	 */
	public PoolBuilder headroomWindow(Duration headroomWindow) {
		this.settings.headroomWindow = headroomWindow;
		return this;
	}

	/**
	 * Set the time after which the pool removes a surplus service, regardless of the load
	 * estimate. A service is surplus if the other services could have carried the peak
	 * demand during this time. A service can be surplus although it received requests.
	 * The pool removes further services one at a time, at intervals of one tenth of this
	 * time, down to {@code minServices}. Default:
	 * {@value PoolSettings#DEFAULT_IDLE_TIMEOUT_MINUTES} min.
	 * @param idleTimeout the time, at least zero; zero disables this removal
	 * @return this builder
	 */
	public PoolBuilder idleTimeout(Duration idleTimeout) {
		this.settings.idleTimeout = idleTimeout;
		return this;
	}

	/**
	 * Set the age at which the pool replaces a service. The age is shortened at random by
	 * up to a tenth, so that services of the same age are not replaced together. The pool
	 * first creates the successor, unless all {@code maxServices} slots are in use.
	 * Default: zero.
	 * @param maxLifetime the age, at least zero; zero disables replacement
	 * @return this builder
	 */
	public PoolBuilder maxLifetime(Duration maxLifetime) {
		this.settings.maxLifetime = maxLifetime;
		return this;
	}

	/**
	 * Set the time without traffic after which a service is cold if its requests
	 * {@linkplain Service#sharesConnection() share a connection}. A new service is cold
	 * as well, unless it {@linkplain Service#isConnected() is connected}. A cold service
	 * receives requests one at a time until a {@linkplain Lease#recordResponse() response
	 * begins}. Later requests can therefore share a connection that the first one
	 * establishes. An {@linkplain Lease#recordErrorResponse() error} is not sufficient
	 * while another target is being connected. If no response has begun after 500 ms, the
	 * service counts as warm. If all services of the target are cold, twice the time that
	 * connections to it take is sufficient, but at least 100 ms.
	 * <p>
	 * If requests do not share a connection, the pool assumes for this time that unused
	 * connections stay open. Of two services of a target, it prefers the one that has an
	 * open connection to spare. Default: zero.
	 * @param coldAfter the time, at least zero; with zero, services are never cold, and
	 * the pool does not consider open connections
	 * @return this builder
	 */
	public PoolBuilder coldAfter(Duration coldAfter) {
		this.settings.coldAfter = coldAfter;
		return this;
	}

	/**
	 * Set the options of outlier detection, see {@link OutlierDetection}. Several calls
	 * of this method change the same options.
	 * @param options the callback that changes the options
	 * @return this builder
	 */
	public PoolBuilder outlierDetection(Consumer<OutlierDetectionBuilder> options) {
		options.accept(this.outlierDetection);
		return this;
	}

	/**
	 * Set the predicate that decides whether a failure is a service failure. All other
	 * failures are ignored: they come from the request, for example from invalid input,
	 * and show that the service itself works. Ignored failures neither raise the load
	 * score of the service nor cause its ejection. Default: all failures are service
	 * failures.
	 * @param failureWhen the predicate, which the pool calls with the exception of each
	 * failed call; the predicate must not block; if it throws an exception, the failure
	 * counts as a service failure
	 * @return this builder
	 */
	public PoolBuilder failureWhen(Predicate<? super Throwable> failureWhen) {
		this.failureWhen = Objects.requireNonNull(failureWhen, "failureWhen");
		return this;
	}

	/**
	 * Set the predicate that decides whether a failure shows that the service is broken,
	 * which means that it cannot respond to any request any more. The pool then replaces
	 * the service. A service that overrides {@link Service#pollReady} reports this itself
	 * and needs no predicate. Default: no failure shows this.
	 * @param brokenWhen the predicate, which the pool calls with the exception of each
	 * service failure; the predicate must not block
	 * @return this builder
	 */
	public PoolBuilder brokenWhen(Predicate<? super Throwable> brokenWhen) {
		this.brokenWhen = Objects.requireNonNull(brokenWhen, "brokenWhen");
		return this;
	}

	/**
	 * Set the classifier of failures, which knows the exceptions of the client that the
	 * services use. Default: {@link FailureClassifier#GENERIC}.
	 * @param failureClassifier the classifier
	 * @return this builder
	 */
	public PoolBuilder failureClassifier(FailureClassifier failureClassifier) {
		this.failureClassifier = Objects.requireNonNull(failureClassifier, "failureClassifier");
		return this;
	}

	/**
	 * Set the maximum number of further attempts of a request whose connection was lost.
	 * The pool only limits these attempts; {@link Pool#call} never repeats a request. See
	 * {@link Lease#awaitOther}. Default: {@value Retry#DEFAULT_MAX_RETRIES}.
	 * @param maxRetries the maximum number, at least 0
	 * @return this builder
	 * @throws InvalidSettingException if the number is negative
	 */
	public PoolBuilder maxRetries(int maxRetries) {
		return retry(maxRetries, this.settings.retry.budget());
	}

	/**
	 * Set the first part of the budget of further attempts of requests whose connection
	 * was lost: their number as a share of the requests of the last 9 seconds. Default:
	 * {@value Retry.Budget#DEFAULT_RATIO}.
	 * @param ratio the share, from 0 to 1
	 * @return this builder
	 * @throws InvalidSettingException if the value is out of its range
	 */
	public PoolBuilder retryBudgetRatio(double ratio) {
		return retry(this.settings.retry.maxRetries(),
				new Retry.Budget(ratio, this.settings.retry.budget().perSecond()));
	}

	/**
	 * Set the second part of the budget of further attempts: the number per second that
	 * is allowed in addition. Default: {@value Retry.Budget#DEFAULT_PER_SECOND}.
	 * @param perSecond the number, at least 0
	 * @return this builder
	 * @throws InvalidSettingException if the number is negative
	 */
	public PoolBuilder retryBudgetPerSecond(int perSecond) {
		return retry(this.settings.retry.maxRetries(),
				new Retry.Budget(this.settings.retry.budget().ratio(), perSecond));
	}

	private PoolBuilder retry(int maxRetries, Retry.Budget budget) {
		this.settings.retry = new Retry(maxRetries, budget);
		return this;
	}

	/**
	 * Set the number of requests after which the pool replaces a service. The number is
	 * lowered at random by up to a tenth, so that services are not replaced together. Use
	 * this setting if the server ends each connection after a number of requests. The
	 * pool logs that number if {@link Service#sharesConnection} is {@code true}. Default:
	 * 0.
	 * @param maxRequestsPerService the number, at least 0; 0 disables this replacement
	 * @return this builder
	 */
	public PoolBuilder maxRequestsPerService(int maxRequestsPerService) {
		this.settings.maxRequestsPerService = maxRequestsPerService;
		return this;
	}

	/**
	 * Set the time without traffic after which the pool replaces a service that was used.
	 * Use this setting if the network drops idle connections without notice, and if the
	 * client does not close them itself. The replacement begins up to a quarter of this
	 * time later. Default: zero.
	 * @param maxIdleTime the time, at least zero; zero disables this replacement
	 * @return this builder
	 */
	public PoolBuilder maxIdleTime(Duration maxIdleTime) {
		this.settings.maxIdleTime = maxIdleTime;
		return this;
	}

	/**
	 * Set the time after which a service with requests in flight, which accepts no more
	 * requests, occupies no slot any more. Its requests go on. Applies only to pools with
	 * a {@link #maxSurge}. If more than {@code maxServices} such services exist, the pool
	 * closes the oldest one. Default: 30 s.
	 * @param drainTimeout the time, greater than zero
	 * @return this builder
	 */
	public PoolBuilder drainTimeout(Duration drainTimeout) {
		this.settings.drainTimeout = drainTimeout;
		return this;
	}

	/**
	 * Set the number of services by which replacements may exceed {@code maxServices}. A
	 * service that does not respond any more is replaced. With a surge, its successor
	 * first receives requests beside it. Without one, the service is retired first, and
	 * its successor is created when the service is closed. Default: 0.
	 * @param maxSurge the number of services, at least 0
	 * @return this builder
	 */
	public PoolBuilder maxSurge(int maxSurge) {
		this.settings.maxSurge = maxSurge;
		return this;
	}

	/**
	 * Set the maximum share of the services that the pool replaces concurrently because
	 * they are outdated, at least one service. Successors still exceed
	 * {@code maxServices} by at most the {@link #maxSurge}. Without a surge, services are
	 * replaced one at a time. See {@link Pool#replaceServices}. Default:
	 * {@value PoolSettings#DEFAULT_REPLACE_RATIO}.
	 * @param replaceRatio the share, from 0 to 1
	 * @return this builder
	 */
	public PoolBuilder replaceRatio(double replaceRatio) {
		this.settings.replaceRatio = replaceRatio;
		return this;
	}

	/**
	 * Set the time after which the pool reports an active lease as a suspected leak. The
	 * pool logs a warning with the stack trace of the call that acquired the lease. For
	 * this purpose, the pool creates a stack trace for each lease, which is costly.
	 * Default: zero.
	 * @param leakDetectionThreshold the time, at least zero; zero disables leak detection
	 * @return this builder
	 */
	public PoolBuilder leakDetectionThreshold(Duration leakDetectionThreshold) {
		this.settings.leakDetectionThreshold = leakDetectionThreshold;
		return this;
	}

	/**
	 * Set whether the pool tracks its active leases, so that the message of an
	 * {@link AcquireTimeoutException} describes the longest active one. A pool with a
	 * {@link #leakDetectionThreshold} always tracks its leases. The overhead of tracking
	 * is noticeable only for services that respond within microseconds. Default:
	 * {@code false}.
	 * @param trackLeases whether to track leases
	 * @return this builder
	 */
	public PoolBuilder trackLeases(boolean trackLeases) {
		this.settings.trackLeases = trackLeases;
		return this;
	}

	/**
	 * Set the metric that measures the load of a service. Default:
	 * {@link LoadMetric#peakEwma()}.
	 * @param loadMetric the metric
	 * @return this builder
	 */
	public PoolBuilder loadMetric(LoadMetric loadMetric) {
		this.settings.loadMetric = Objects.requireNonNull(loadMetric, "loadMetric");
		return this;
	}

	/**
	 * Add a listener for events.
	 * @param listener the listener
	 * @return this builder
	 */
	public PoolBuilder listener(PoolListener listener) {
		this.listeners.add(Objects.requireNonNull(listener, "listener"));
		return this;
	}

	/**
	 * Add a listener for durations. A pool without a timing listener does not measure
	 * durations.
	 * @param listener the listener
	 * @return this builder
	 */
	public PoolBuilder timingListener(TimingListener listener) {
		this.timingListeners.add(Objects.requireNonNull(listener, "listener"));
		return this;
	}

	/**
	 * Set the source of elapsed time. Default: {@link Ticker#system()}.
	 * @param ticker the ticker
	 * @return this builder
	 */
	public PoolBuilder ticker(Ticker ticker) {
		this.ticker = Objects.requireNonNull(ticker, "ticker");
		return this;
	}

	/**
	 * Set the source of event timestamps. Default: the system clock.
	 * @param clock the clock
	 * @return this builder
	 */
	public PoolBuilder clock(InstantSource clock) {
		this.clock = Objects.requireNonNull(clock, "clock");
		return this;
	}

	/**
	 * Set the source of random numbers. Default: a separate generator for each thread.
	 * @param random the generator, which must be thread-safe
	 * @return this builder
	 */
	public PoolBuilder random(RandomGenerator random) {
		this.random = Objects.requireNonNull(random, "random");
		return this;
	}

	/**
	 * Set the executor that creates and closes services, and that polls services on
	 * behalf of waiting callers. The executor should not be bounded, because creating and
	 * closing services may block for a long time. The pool does not shut down the
	 * executor. Default: daemon threads of the pool, which end when they are idle.
	 * @param executor the executor
	 * @return this builder
	 */
	public PoolBuilder executor(Executor executor) {
		this.executor = Objects.requireNonNull(executor, "executor");
		return this;
	}

	/**
	 * Set the scheduler for the timeouts of the pool. Default:
	 * {@link Scheduler#shared()}.
	 * @param scheduler the scheduler
	 * @return this builder
	 */
	public PoolBuilder scheduler(Scheduler scheduler) {
		this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
		return this;
	}

	/**
	 * Validate the settings and create the pool. The pool creates its first services when
	 * it is {@linkplain Pool#start() started}, or at the first request.
	 * @param <Q> the type of the requests
	 * @param <R> the type of the responses
	 * @param factory the factory that creates the services
	 * @return a new pool
	 * @throws InvalidSettingException if a setting has an invalid value
	 */
	public <Q, R> Pool<Q, R> build(ServiceFactory<Q, R> factory) {
		Objects.requireNonNull(factory, "factory");
		if (this.name.isBlank()) {
			throw new InvalidSettingException("name", "blank", "must contain text");
		}
		PoolSettings settings = settings();
		List<Target> targets = this.targets.isEmpty() ? List.of(Target.of(this.name)) : this.targets;
		return DefaultPool.create(this.name, settings, targets, factory,
				new FailureRules(this.name, this.failureClassifier, this.failureWhen, this.brokenWhen),
				new DefaultPool.Listeners(this.listeners, this.timingListeners), new DefaultPool.Resources(this.ticker,
						this.clock, this.scheduler, this.executor, this.random, this.identity));
	}

	private PoolSettings settings() {
		PoolSettings settings = this.settings.clone();
		settings.urgency = clampedUrgency();
		settings.outlierDetection = this.outlierDetection.build();
		settings.validate();
		return settings;
	}

	private double clampedUrgency() {
		double clamped = Math.max(0, Math.min(1, this.settings.urgency));
		if (clamped != this.settings.urgency && !Double.isNaN(this.settings.urgency)) {
			logger.log(Level.WARNING, "Pool ''{0}'': urgency must be between 0 and 1 but was {1}; using {2}", this.name,
					this.settings.urgency, clamped);
		}
		return clamped;
	}

}
