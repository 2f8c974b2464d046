package dev.servicepool;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import dev.servicepool.load.LoadMetric;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link Pool}. Every option has a default; only the factory is needed.
 * <p>
 * A builder is not safe for use by several threads.
 */
public final class PoolBuilder {

	/** Stands for "no limit" where a count is asked for. */
	public static final int UNLIMITED = Integer.MAX_VALUE;

	/** The default of {@link #name}. */
	public static final String DEFAULT_NAME = "pool";

	/** The default of {@link #initial}. */
	public static final double DEFAULT_INITIAL = 0.1;

	/** The default of {@link #underutilizedBelow}. */
	public static final double DEFAULT_UNDERUTILIZED_BELOW = 0.00001;

	/** The default of {@link #loadedAbove}. */
	public static final double DEFAULT_LOADED_ABOVE = 0.2;

	/** The default of {@link #urgency}. */
	public static final double DEFAULT_URGENCY = 0.03;

	/** The default of {@link #minServices}. */
	public static final int DEFAULT_MIN_SERVICES = 1;

	/** The default of {@link #maxWaiting}. */
	public static final int DEFAULT_MAX_WAITING = 1000;

	/** The default of {@link #acquireTimeout}, in seconds. */
	public static final int DEFAULT_ACQUIRE_TIMEOUT_SECONDS = 30;

	/** The default of {@link #createTimeout}, in seconds. */
	public static final int DEFAULT_CREATE_TIMEOUT_SECONDS = 10;

	/** The default of {@link #backoff}, in milliseconds. */
	public static final int DEFAULT_BACKOFF_MILLIS = 100;

	/** The default of {@link #maxBackoff}, in seconds. */
	public static final int DEFAULT_MAX_BACKOFF_SECONDS = 10;

	/** The default of {@link #closeTimeout}, in seconds. */
	public static final int DEFAULT_CLOSE_TIMEOUT_SECONDS = 30;

	/** The default of {@link #headroomWindow}, in seconds. */
	public static final int DEFAULT_HEADROOM_WINDOW_SECONDS = 10;

	/** The default of {@link #idleTimeout}, in minutes. */
	public static final int DEFAULT_IDLE_TIMEOUT_MINUTES = 10;

	private static final Logger logger = System.getLogger(PoolBuilder.class.getName());

	private String name = DEFAULT_NAME;

	private List<Target> targets = List.of();

	private double initial = DEFAULT_INITIAL;

	private double underutilizedBelow = DEFAULT_UNDERUTILIZED_BELOW;

	private double loadedAbove = DEFAULT_LOADED_ABOVE;

	private double urgency = DEFAULT_URGENCY;

	private int minServices = DEFAULT_MIN_SERVICES;

	private int maxServices = UNLIMITED;

	private int maxConcurrency = UNLIMITED;

	private Duration acquireTimeout = Duration.ofSeconds(DEFAULT_ACQUIRE_TIMEOUT_SECONDS);

	private int maxWaiting = DEFAULT_MAX_WAITING;

	private Duration createTimeout = Duration.ofSeconds(DEFAULT_CREATE_TIMEOUT_SECONDS);

	private Duration backoff = Duration.ofMillis(DEFAULT_BACKOFF_MILLIS);

	private Duration maxBackoff = Duration.ofSeconds(DEFAULT_MAX_BACKOFF_SECONDS);

	private Duration closeTimeout = Duration.ofSeconds(DEFAULT_CLOSE_TIMEOUT_SECONDS);

	private Duration headroomWindow = Duration.ofSeconds(DEFAULT_HEADROOM_WINDOW_SECONDS);

	private Duration idleTimeout = Duration.ofMinutes(DEFAULT_IDLE_TIMEOUT_MINUTES);

	private Duration maxLifetime = Duration.ZERO;

	private Duration coldAfter = Duration.ZERO;

	private final OutlierDetectionBuilder outlierDetection = new OutlierDetectionBuilder();

	private Predicate<? super Throwable> failureWhen = (cause) -> true;

	private Duration leakDetectionThreshold = Duration.ZERO;

	private boolean trackLeases;

	private LoadMetric loadMetric = LoadMetric.peakEwma();

	private final List<PoolListener> listeners = new ArrayList<>();

	private final List<TimingListener> timingListeners = new ArrayList<>();

	private Ticker ticker = Ticker.system();

	private InstantSource clock = InstantSource.system();

	private RandomGenerator random = new ThreadLocalRandomGenerator();

	private Scheduler scheduler = Scheduler.shared();

	private @Nullable Executor executor;

	PoolBuilder() {
	}

	/**
	 * The name of the pool in messages, events and meters. Default
	 * {@value #DEFAULT_NAME}.
	 * @param name a name that is not blank
	 * @return this builder
	 */
	public PoolBuilder name(String name) {
		this.name = Objects.requireNonNull(name, "name");
		return this;
	}

	/**
	 * What the services are made for, at least one target. A new service goes to the
	 * target with the fewest; the one removed first is the newest whose target keeps
	 * another, rather an ejected one than one that works. Default: one target, named as
	 * the pool.
	 * @param targets the targets
	 * @return this builder
	 */
	public PoolBuilder targets(Target... targets) {
		return targets(List.of(targets));
	}

	/**
	 * What the services are made for, see {@link #targets(Target...)}.
	 * @param targets the targets
	 * @return this builder
	 */
	public PoolBuilder targets(List<Target> targets) {
		this.targets = List.copyOf(targets);
		return this;
	}

	/**
	 * Where the load estimate starts, and starts again after a service was removed.
	 * Default {@value #DEFAULT_INITIAL}.
	 * @param initial in [{@code underutilizedBelow}, {@code loadedAbove}]
	 * @return this builder
	 */
	public PoolBuilder initial(double initial) {
		this.initial = initial;
		return this;
	}

	/**
	 * The load estimate below which a service is removed. Default
	 * {@value #DEFAULT_UNDERUTILIZED_BELOW}.
	 * @param underutilizedBelow in [0, 1]
	 * @return this builder
	 */
	public PoolBuilder underutilizedBelow(double underutilizedBelow) {
		this.underutilizedBelow = underutilizedBelow;
		return this;
	}

	/**
	 * The load estimate above which a service is made. Default
	 * {@value #DEFAULT_LOADED_ABOVE}.
	 * @param loadedAbove in [0, 1]
	 * @return this builder
	 */
	public PoolBuilder loadedAbove(double loadedAbove) {
		this.loadedAbove = loadedAbove;
		return this;
	}

	/**
	 * The weight of one sample in the load estimate: how fast the pool changes its mind.
	 * Default {@value #DEFAULT_URGENCY}.
	 * @param urgency in [0, 1]; a value outside is clamped, with a warning in the log
	 * @return this builder
	 */
	public PoolBuilder urgency(double urgency) {
		this.urgency = urgency;
		return this;
	}

	/**
	 * The least number of services; each target has at least one in any case. Default
	 * {@value #DEFAULT_MIN_SERVICES}.
	 * @param minServices at least 1
	 * @return this builder
	 */
	public PoolBuilder minServices(int minServices) {
		this.minServices = minServices;
		return this;
	}

	/**
	 * The greatest number of services, those being made and those not closed yet
	 * included. Default {@link #UNLIMITED}.
	 * @param maxServices at least 1
	 * @return this builder
	 */
	public PoolBuilder maxServices(int maxServices) {
		this.maxServices = maxServices;
		return this;
	}

	/**
	 * The greatest number of requests in flight at one service. Default
	 * {@link #UNLIMITED}. Without a limit a service that never says it is pending is
	 * always ready, so the pool never grows; it warns of that in the log.
	 * @param maxConcurrency at least 1
	 * @return this builder
	 */
	public PoolBuilder maxConcurrency(int maxConcurrency) {
		this.maxConcurrency = maxConcurrency;
		return this;
	}

	/**
	 * How long a caller waits for a service unless it says otherwise. Default
	 * {@value #DEFAULT_ACQUIRE_TIMEOUT_SECONDS} s.
	 * @param acquireTimeout at least zero
	 * @return this builder
	 */
	public PoolBuilder acquireTimeout(Duration acquireTimeout) {
		this.acquireTimeout = acquireTimeout;
		return this;
	}

	/**
	 * How many callers may wait at once; more are turned away. Default
	 * {@value #DEFAULT_MAX_WAITING}.
	 * @param maxWaiting at least 1
	 * @return this builder
	 */
	public PoolBuilder maxWaiting(int maxWaiting) {
		this.maxWaiting = maxWaiting;
		return this;
	}

	/**
	 * How long making a service may take before it counts as failed. Default
	 * {@value #DEFAULT_CREATE_TIMEOUT_SECONDS} s.
	 * @param createTimeout greater than zero
	 * @return this builder
	 */
	public PoolBuilder createTimeout(Duration createTimeout) {
		this.createTimeout = createTimeout;
		return this;
	}

	/**
	 * The pause after a first failure to make a service; it doubles with each further
	 * failure, up to {@code maxBackoff}, and is shortened by up to a half at random.
	 * Default {@value #DEFAULT_BACKOFF_MILLIS} ms.
	 * @param backoff greater than zero
	 * @return this builder
	 */
	public PoolBuilder backoff(Duration backoff) {
		this.backoff = backoff;
		return this;
	}

	/**
	 * The longest pause between two failures to make a service. Default
	 * {@value #DEFAULT_MAX_BACKOFF_SECONDS} s.
	 * @param maxBackoff at least {@code backoff}
	 * @return this builder
	 */
	public PoolBuilder maxBackoff(Duration maxBackoff) {
		this.maxBackoff = maxBackoff;
		return this;
	}

	/**
	 * How long closing the pool waits for requests in flight, and how long closing a
	 * single service may take before its place is given away. Default
	 * {@value #DEFAULT_CLOSE_TIMEOUT_SECONDS} s.
	 * @param closeTimeout at least zero
	 * @return this builder
	 */
	public PoolBuilder closeTimeout(Duration closeTimeout) {
		this.closeTimeout = closeTimeout;
		return this;
	}

	/**
	 * For how long the requests in flight and waiting must have fitted into one service
	 * less before a low load estimate removes one. The window doubles, up to eight times,
	 * each time a removed service has to be made again within three windows, and halves
	 * again when a removal has stood for that long. Services without a
	 * {@code maxConcurrency} have no size that something could fit into: then two of them
	 * must have been ready whenever a caller came. Default
	 * {@value #DEFAULT_HEADROOM_WINDOW_SECONDS} s.
	 * @param headroomWindow at least zero; zero removes a service whenever the load
	 * estimate is low, as the original of the algorithm does
	 * @return this builder
	 */
	public PoolBuilder headroomWindow(Duration headroomWindow) {
		this.headroomWindow = headroomWindow;
		return this;
	}

	/**
	 * How long one service must not have been needed before it is removed although there
	 * is too little traffic to lower the load estimate, or none. More follow one at a
	 * time, a tenth of this apart, down to {@code minServices}. Default
	 * {@value #DEFAULT_IDLE_TIMEOUT_MINUTES} min.
	 * @param idleTimeout at least zero; zero for never
	 * @return this builder
	 */
	public PoolBuilder idleTimeout(Duration idleTimeout) {
		this.idleTimeout = idleTimeout;
		return this;
	}

	/**
	 * The age at which a service is replaced, shortened by up to a tenth at random so
	 * that services made together don't go together. Its successor is made first, unless
	 * the pool is at {@code maxServices}. Default: zero.
	 * @param maxLifetime at least zero; zero for never
	 * @return this builder
	 */
	public PoolBuilder maxLifetime(Duration maxLifetime) {
		this.maxLifetime = maxLifetime;
		return this;
	}

	/**
	 * How long a service must have had no traffic to be cold again. A new service is
	 * cold, and a cold one gets one request at a time until the response to it has begun,
	 * see {@link Lease#recordResponse()}: what a first request establishes, such as a
	 * connection, the others can share then. If there is no response within 500 ms, the
	 * service counts as warm without it. Default: zero.
	 * @param coldAfter at least zero; zero if services are never cold
	 * @return this builder
	 */
	public PoolBuilder coldAfter(Duration coldAfter) {
		this.coldAfter = coldAfter;
		return this;
	}

	/**
	 * When services that fail are set aside, and for how long, see
	 * {@link OutlierDetection}.
	 * @param options changes the options; may be called several times
	 * @return this builder
	 */
	public PoolBuilder outlierDetection(Consumer<OutlierDetectionBuilder> options) {
		options.accept(this.outlierDetection);
		return this;
	}

	/**
	 * Which failures are the fault of the service. Others neither raise its load nor get
	 * it ejected; they show that it works. Default: every {@link Lease#fail}.
	 * @param failureWhen tells by the cause of a failure; called on the way of each that
	 * there is, so it must not block; if it throws, it has said yes
	 * @return this builder
	 */
	public PoolBuilder failureWhen(Predicate<? super Throwable> failureWhen) {
		this.failureWhen = Objects.requireNonNull(failureWhen, "failureWhen");
		return this;
	}

	/**
	 * How long a lease may be held before a warning in the log names the call that took
	 * it. Costs a stack trace for each lease. Default: zero.
	 * @param leakDetectionThreshold at least zero; zero for no warnings
	 * @return this builder
	 */
	public PoolBuilder leakDetectionThreshold(Duration leakDetectionThreshold) {
		this.leakDetectionThreshold = leakDetectionThreshold;
		return this;
	}

	/**
	 * Whether the pool remembers who holds its leases, so that an
	 * {@link AcquireTimeoutException} can tell which one is held the longest. It does so
	 * anyway if there is a {@link #leakDetectionThreshold}. Default: {@code false}, for
	 * the sake of services that answer within microseconds.
	 * @param trackLeases whether to remember them
	 * @return this builder
	 */
	public PoolBuilder trackLeases(boolean trackLeases) {
		this.trackLeases = trackLeases;
		return this;
	}

	/**
	 * How the load of a service is measured. Default {@link LoadMetric#peakEwma()}.
	 * @param loadMetric the metric
	 * @return this builder
	 */
	public PoolBuilder loadMetric(LoadMetric loadMetric) {
		this.loadMetric = Objects.requireNonNull(loadMetric, "loadMetric");
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
	 * Add a listener for durations. A pool without such a listener does not measure them.
	 * @param listener the listener
	 * @return this builder
	 */
	public PoolBuilder timingListener(TimingListener listener) {
		this.timingListeners.add(Objects.requireNonNull(listener, "listener"));
		return this;
	}

	/**
	 * The source of elapsed time. Default {@link Ticker#system()}.
	 * @param ticker the ticker
	 * @return this builder
	 */
	public PoolBuilder ticker(Ticker ticker) {
		this.ticker = Objects.requireNonNull(ticker, "ticker");
		return this;
	}

	/**
	 * The source of the times in events. Default: the system clock.
	 * @param clock the clock
	 * @return this builder
	 */
	public PoolBuilder clock(InstantSource clock) {
		this.clock = Objects.requireNonNull(clock, "clock");
		return this;
	}

	/**
	 * The source of random choices, used by all callers at once. Default: each thread's
	 * own.
	 * @param random a generator that is safe for use by all threads that use the pool
	 * @return this builder
	 */
	public PoolBuilder random(RandomGenerator random) {
		this.random = Objects.requireNonNull(random, "random");
		return this;
	}

	/**
	 * What runs makes, closes and the polls for waiting callers. Makes and closes may
	 * block for long, so it should not be bounded. Default: daemon threads that end when
	 * there is nothing to do.
	 * @param executor the executor
	 * @return this builder
	 */
	public PoolBuilder executor(Executor executor) {
		this.executor = Objects.requireNonNull(executor, "executor");
		return this;
	}

	/**
	 * What wakes the pool for its timeouts. Default {@link Scheduler#shared()}.
	 * @param scheduler the scheduler
	 * @return this builder
	 */
	public PoolBuilder scheduler(Scheduler scheduler) {
		this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
		return this;
	}

	/**
	 * Check the options and build the pool. No service is made yet.
	 * @param <Q> the type of the requests
	 * @param <R> the type of the responses
	 * @param factory makes the services
	 * @return a new pool
	 * @throws InvalidSettingException if an option has a value that it cannot have
	 */
	public <Q, R> Pool<Q, R> build(ServiceFactory<Q, R> factory) {
		Objects.requireNonNull(factory, "factory");
		if (this.name.isBlank()) {
			throw new InvalidSettingException("name", "blank", "must contain text");
		}
		PoolSettings settings = settings();
		MemberRegistry<Q, R> registry = new MemberRegistry<>(checkedTargets(), settings, this.random);
		ListenerNotifier notifier = new ListenerNotifier(this.name, this.listeners, this.timingListeners);
		EventRecorder<Q, R> recorder = new EventRecorder<>(new EventLog(this.name, this.clock), notifier, registry);
		PoolState<Q, R> state = new PoolState<>(this.name, settings, registry, recorder, this.random,
				this.ticker.nanos());
		ServiceCreator<Q, R> creator = new ServiceCreator<>(this.name, factory, settings, notifier, this.ticker);
		LeakLog leakLog = new LeakLog(this.name, settings);
		PoolEngine<Q, R> engine = new PoolEngine<>(settings, state, creator, notifier, leakLog, this.ticker,
				this.random, this.scheduler, TaskExecutor.of(this.executor, this.name));
		return new DefaultPool<>(this.name, settings, engine, new FailureClassifier(this.name, this.failureWhen),
				notifier, leakLog, this.ticker);
	}

	private PoolSettings settings() {
		return new PoolSettings(this.initial, this.underutilizedBelow, this.loadedAbove, clampedUrgency(),
				this.minServices, this.maxServices, this.maxConcurrency, this.acquireTimeout, this.maxWaiting,
				this.createTimeout, this.backoff, this.maxBackoff, this.closeTimeout, this.headroomWindow,
				this.idleTimeout, this.maxLifetime, this.coldAfter, this.outlierDetection.build(),
				this.leakDetectionThreshold, this.trackLeases, this.loadMetric);
	}

	private double clampedUrgency() {
		double clamped = Math.max(0, Math.min(1, this.urgency));
		if (clamped != this.urgency && !Double.isNaN(this.urgency)) {
			logger.log(Level.WARNING, "Pool ''{0}'': urgency {1} is outside of 0 to 1, {2} is used", this.name,
					this.urgency, clamped);
		}
		return clamped;
	}

	private List<Target> checkedTargets() {
		List<Target> checked = this.targets.isEmpty() ? List.of(Target.of(this.name)) : this.targets;
		Targets.check(checked);
		if (checked.size() > this.maxServices) {
			throw new InvalidSettingException("maxServices", this.maxServices,
					"must be at least the number of targets (" + checked.size() + ")");
		}
		return checked;
	}

}
