package dev.servicepool.spring.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.servicepool.OutlierDetection;
import dev.servicepool.Pool;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * {@link Endpoint @Endpoint} that shows the state of the pools. All operations are reads.
 */
@Endpoint(id = "pool", defaultAccess = Access.READ_ONLY)
public final class PoolEndpoint {

	private final Supplier<? extends Collection<? extends Pool<?, ?>>> pools;

	private final Function<String, ? extends @Nullable Pool<?, ?>> byName;

	/**
	 * Create the endpoint.
	 * @param pools supplies the pools; called for each request; pool names must be unique
	 * @param byName finds a pool by its name; called for each request
	 */
	public PoolEndpoint(Supplier<? extends Collection<? extends Pool<?, ?>>> pools,
			Function<String, ? extends @Nullable Pool<?, ?>> byName) {
		this.pools = pools;
		this.byName = byName;
	}

	/**
	 * Describe all pools.
	 * @return a summary of each pool, by name
	 */
	@ReadOperation
	public PoolsDescriptor pools() {
		Map<String, PoolSummary> summaries = new TreeMap<>();
		for (Pool<?, ?> pool : this.pools.get()) {
			summaries.put(pool.name(), PoolSummary.of(pool.snapshot()));
		}
		return new PoolsDescriptor(summaries);
	}

	/**
	 * Describe one pool with its services and its last events.
	 * @param name the name of the pool, ignoring case and dashes
	 * @return the description, or {@code null} if no pool has that name
	 */
	@ReadOperation
	public @Nullable PoolDescriptor pool(@Selector String name) {
		Pool<?, ?> pool = this.byName.apply(name);
		return (pool != null) ? PoolDescriptor.of(pool.snapshot()) : null;
	}

	/** Return a number that JSON supports; {@code null} stands for any other value. */
	static @Nullable Double finite(double number) {
		return Double.isFinite(number) ? number : null;
	}

	static @Nullable Integer nullable(OptionalInt number) {
		return number.isPresent() ? number.getAsInt() : null;
	}

	static @Nullable Integer limit(int limit) {
		return (limit != PoolSettings.UNLIMITED) ? limit : null;
	}

	/**
	 * Description of all pools.
	 *
	 * @param pools a summary of each pool, by name
	 */
	public record PoolsDescriptor(Map<String, PoolSummary> pools) implements OperationResponseBody {
	}

	/**
	 * The most important figures of a pool.
	 *
	 * @param level the level of the load estimate after the last sample: low, normal, or
	 * high
	 * @param loadEstimate the load estimate, in [0, 1]
	 * @param underutilizedBelow the load estimate below which a service is removed
	 * @param loadedAbove the load estimate above which a service is created
	 * @param inFlight the number of requests in flight
	 * @param waiting the number of callers in the wait queue
	 * @param size the number of services, by state
	 * @param minServices the minimum number of services
	 * @param maxServices the maximum number of services; {@code null} if there is no
	 * limit
	 * @param outage the current outage; {@code null} if there is none
	 * @param lastDecision the last event that is not a rejection, timeout, suspected
	 * leak, outage, or recovery; {@code null} if there is none
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record PoolSummary(String level, @Nullable Double loadEstimate, double underutilizedBelow,
			double loadedAbove, int inFlight, int waiting, PoolSnapshot.Size size, int minServices,
			@Nullable Integer maxServices, PoolSnapshot.@Nullable Outage outage,
			@Nullable EventDescriptor lastDecision) {

		static PoolSummary of(PoolSnapshot snapshot) {
			PoolSettings settings = snapshot.settings();
			return new PoolSummary(snapshot.level().name().toLowerCase(Locale.ROOT), finite(snapshot.loadEstimate()),
					settings.underutilizedBelow(), settings.loadedAbove(), snapshot.inFlight(), snapshot.waiting(),
					snapshot.size(), settings.minServices(), limit(settings.maxServices()), snapshot.outage(),
					EventDescriptor.ofNullable(snapshot.lastDecision()));
		}

	}

	/**
	 * Description of one pool.
	 *
	 * @param name the name of the pool, as it was declared
	 * @param summary the most important figures, shown as fields of the pool itself
	 * @param headroom the data that the headroom guard uses for its decisions
	 * @param settings the settings in force
	 * @param services the services, oldest first, including those that drain or close
	 * @param events the last events, oldest first
	 */
	public record PoolDescriptor(String name, @JsonUnwrapped PoolSummary summary, PoolSnapshot.Headroom headroom,
			SettingsDescriptor settings, List<ServiceDescriptor> services,
			List<EventDescriptor> events) implements OperationResponseBody {

		static PoolDescriptor of(PoolSnapshot snapshot) {
			return new PoolDescriptor(snapshot.name(), PoolSummary.of(snapshot), snapshot.headroom(),
					SettingsDescriptor.of(snapshot.settings()),
					snapshot.services().stream().map(ServiceDescriptor::of).toList(),
					snapshot.events().stream().map(EventDescriptor::of).toList());
		}

	}

	/**
	 * Description of the settings of a pool, see {@link PoolSettings}.
	 *
	 * @param initial the initial value of the load estimate
	 * @param underutilizedBelow the load estimate below which a service is removed
	 * @param loadedAbove the load estimate above which a service is created
	 * @param urgency the weight of one sample in the load estimate
	 * @param minServices the minimum number of services
	 * @param maxServices the maximum number of services; {@code null} if there is no
	 * limit
	 * @param maxConcurrency the maximum number of concurrent requests per service;
	 * {@code null} if there is no limit
	 * @param acquireTimeout the maximum time that a caller waits for a service
	 * @param maxWaiting the maximum number of callers in the wait queue
	 * @param createTimeout the maximum time to create a service
	 * @param backoff the time to wait after the first failed attempt to create a service
	 * @param maxBackoff the maximum time to wait after a failed attempt to create a
	 * service
	 * @param closeTimeout the maximum time to wait for requests in flight when the pool
	 * is closed
	 * @param headroomWindow the period whose peak demand must fit into the remaining
	 * services before a service is removed
	 * @param idleTimeout the time after which a surplus service is removed, regardless of
	 * the load estimate
	 * @param maxLifetime the age at which a service is replaced
	 * @param coldAfter the time without traffic after which a service is cold
	 * @param outlierDetection the settings for the ejection of services that fail
	 * @param leakDetectionThreshold the time after which an active lease causes a warning
	 * @param trackLeases whether the pool tracks active leases
	 * @param loadMetric the metric that measures the load score of a service
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record SettingsDescriptor(double initial, double underutilizedBelow, double loadedAbove, double urgency,
			int minServices, @Nullable Integer maxServices, @Nullable Integer maxConcurrency, Duration acquireTimeout,
			int maxWaiting, Duration createTimeout, Duration backoff, Duration maxBackoff, Duration closeTimeout,
			Duration headroomWindow, Duration idleTimeout, Duration maxLifetime, Duration coldAfter,
			OutlierDetection outlierDetection, Duration leakDetectionThreshold, boolean trackLeases,
			String loadMetric) {

		static SettingsDescriptor of(PoolSettings settings) {
			return new SettingsDescriptor(settings.initial(), settings.underutilizedBelow(), settings.loadedAbove(),
					settings.urgency(), settings.minServices(), limit(settings.maxServices()),
					limit(settings.maxConcurrency()), settings.acquireTimeout(), settings.maxWaiting(),
					settings.createTimeout(), settings.backoff(), settings.maxBackoff(), settings.closeTimeout(),
					settings.headroomWindow(), settings.idleTimeout(), settings.maxLifetime(), settings.coldAfter(),
					settings.outlierDetection(), settings.leakDetectionThreshold(), settings.trackLeases(),
					settings.loadMetric().toString());
		}

	}

	/**
	 * Description of one service of a pool.
	 *
	 * @param id the number of the service in its pool, in the order of creation, from 1
	 * @param target the name of the target
	 * @param state the state, such as {@code ready}
	 * @param inFlight the number of requests in flight
	 * @param limit the current concurrency limit, 1 while the service is cold;
	 * {@code null} if there is no limit
	 * @param learnedLimit the concurrency limit that applies when the service is not
	 * cold: as configured, or lower if the server refused requests; {@code null} if there
	 * is no limit
	 * @param loadScore the load score that the pool compares when it picks a service; the
	 * service reports this value, or the load metric measures it: in milliseconds for
	 * {@code peak-ewma}, in requests for {@code pending-requests}; {@code null} if the
	 * value is not a finite number
	 * @param age the time since the service joined
	 * @param calls the number of requests so far
	 * @param failures the number of requests that failed
	 * @param ejections the number of ejections so far
	 * @param suspension the reason for the suspension and its remaining time;
	 * {@code null} if the service is not suspended
	 * @param details what the service reports about itself, such as its protocol
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record ServiceDescriptor(long id, String target, String state, int inFlight, @Nullable Integer limit,
			@Nullable Integer learnedLimit, @Nullable Double loadScore, Duration age, long calls, long failures,
			long ejections, PoolSnapshot.@Nullable Suspension suspension, Map<String, String> details) {

		static ServiceDescriptor of(PoolSnapshot.ServiceSnapshot service) {
			return new ServiceDescriptor(service.id(), service.target(), service.state().code(), service.inFlight(),
					nullable(service.limit()), nullable(service.learnedLimit()), finite(service.loadScore()),
					service.age(), service.calls(), service.failures(), service.ejections(), service.suspension(),
					service.details());
		}

	}

	/**
	 * Description of one event of a pool.
	 *
	 * @param timestamp the time of the event
	 * @param type the type of the event, such as {@code creation-failed}
	 * @param reason the reason that the meters use, such as {@code low-load};
	 * {@code null} for types that have no reasons
	 * @param message the reason as text, with figures
	 * @param count the number of consecutive events of this type that this entry stands
	 * for
	 * @param service the ID of the service; {@code null} if the event is not about a
	 * single service
	 * @param poolSize the number of live services after the event
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record EventDescriptor(Instant timestamp, String type, @Nullable String reason, String message, int count,
			@Nullable Long service, int poolSize) {

		static EventDescriptor of(PoolEvent event) {
			PoolEvent.Reason reason = event.reason();
			return new EventDescriptor(event.timestamp(), event.type().code(), (reason != null) ? reason.code() : null,
					event.message(), event.count(), event.service(), event.poolSize());
		}

		static @Nullable EventDescriptor ofNullable(@Nullable PoolEvent event) {
			return (event != null) ? of(event) : null;
		}

	}

}
