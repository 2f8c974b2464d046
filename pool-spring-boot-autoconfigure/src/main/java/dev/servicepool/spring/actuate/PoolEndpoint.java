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
import dev.servicepool.Pool;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.PoolSnapshot.ServiceSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * {@link Endpoint @Endpoint} that shows the state of the pools.
 * {@link PoolEndpointWebExtension} changes the pools.
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
	 * @param load the load of the pool, shown as fields of the summary itself
	 * @param size the number of services, by state
	 * @param minServices the minimum number of services
	 * @param maxServices the maximum number of services; {@code null} if there is no
	 * limit
	 * @param outage the current outage; {@code null} if there is none
	 * @param lastDecision the last event that is not a rejection, timeout, suspected
	 * leak, outage, or recovery, and not about the retry budget; {@code null} if there is
	 * none
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record PoolSummary(@JsonUnwrapped LoadDescriptor load, SizeDescriptor size, int minServices,
			@Nullable Integer maxServices, PoolSnapshot.@Nullable Outage outage,
			@Nullable EventDescriptor lastDecision) {

		static PoolSummary of(PoolSnapshot snapshot) {
			PoolSettings settings = snapshot.settings();
			return new PoolSummary(LoadDescriptor.of(snapshot.load(), settings), SizeDescriptor.of(snapshot.size()),
					settings.minServices(), limit(settings.maxServices()), snapshot.health().outage(),
					EventDescriptor.ofNullable(snapshot.events().lastDecision()));
		}

	}

	/**
	 * Description of the load of a pool.
	 *
	 * @param level the level of the load estimate after the last sample: low, normal, or
	 * high
	 * @param loadEstimate the load estimate, in [0, 1]
	 * @param underutilizedBelow the load estimate below which a service is removed
	 * @param loadedAbove the load estimate above which a service is created
	 * @param inFlight the number of requests in flight
	 * @param waiting the number of callers in the wait queue
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record LoadDescriptor(String level, @Nullable Double loadEstimate, double underutilizedBelow,
			double loadedAbove, int inFlight, int waiting) {

		static LoadDescriptor of(PoolSnapshot.Load load, PoolSettings settings) {
			return new LoadDescriptor(load.level().name().toLowerCase(Locale.ROOT), finite(load.estimate()),
					settings.underutilizedBelow(), settings.loadedAbove(), load.inFlight(), load.waiting());
		}

	}

	/**
	 * Description of the size of a pool.
	 *
	 * @param total the number of services
	 * @param states the number of services in each state, shown as fields of the size
	 * itself
	 */
	public record SizeDescriptor(int total, @JsonUnwrapped PoolSnapshot.Size states) {

		static SizeDescriptor of(PoolSnapshot.Size size) {
			return new SizeDescriptor(size.total(), size);
		}

	}

	/**
	 * Description of one pool.
	 *
	 * @param name the name of the pool, as it was declared
	 * @param summary the most important figures, shown as fields of the pool itself
	 * @param headroom the data that the headroom guard uses for its decisions
	 * @param retries the further attempts of requests, and their budget
	 * @param targets the targets, shown as fields of the pool itself
	 * @param settings the settings in force
	 * @param services the services, oldest first, including those that drain or close
	 * @param events the last events, oldest first
	 */
	public record PoolDescriptor(String name, @JsonUnwrapped PoolSummary summary, PoolSnapshot.Headroom headroom,
			PoolSnapshot.Retries retries, @JsonUnwrapped TargetsDescriptor targets, SettingsDescriptor settings,
			List<ServiceDescriptor> services, List<EventDescriptor> events) implements OperationResponseBody {

		static PoolDescriptor of(PoolSnapshot snapshot) {
			return new PoolDescriptor(snapshot.name(), PoolSummary.of(snapshot), snapshot.load().headroom(),
					snapshot.totals().retries(), TargetsDescriptor.of(snapshot.health()),
					SettingsDescriptor.of(snapshot.settings()),
					snapshot.services().stream().map(ServiceDescriptor::of).toList(),
					snapshot.events().latest().stream().map(EventDescriptor::of).toList());
		}

	}

	/**
	 * Description of the targets of a pool.
	 *
	 * @param drainedTargets the names of the targets that an operation has drained
	 * @param targets the targets that are not drained
	 */
	public record TargetsDescriptor(List<String> drainedTargets, List<TargetDescriptor> targets) {

		static TargetsDescriptor of(PoolSnapshot.Health health) {
			return new TargetsDescriptor(health.drainedTargets(),
					health.targets().stream().map(TargetDescriptor::of).toList());
		}

	}

	/**
	 * Description of one target of a pool.
	 *
	 * @param name the name of the target
	 * @param zone the zone of the target; {@code null} if it is not known
	 * @param preferred whether the target always has a service; other targets have
	 * services only while those of the preferred targets are not enough
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record TargetDescriptor(String name, @Nullable String zone, boolean preferred) {

		static TargetDescriptor of(PoolSnapshot.TargetSnapshot target) {
			return new TargetDescriptor(target.name(), target.zone(), target.preferred());
		}

	}

	/**
	 * Description of one service of a pool.
	 *
	 * @param id the number of the service in its pool, in the order of creation, from 1
	 * @param target the name of the target
	 * @param state the state, such as {@code ready}
	 * @param load the load of the service, shown as fields of the service itself
	 * @param age the time since the service joined
	 * @param totals the counts since the service joined, shown as fields of the service
	 * itself
	 * @param suspension the reason for the suspension and its remaining time;
	 * {@code null} if the service is not suspended
	 * @param details what the service reports about itself, such as its protocol
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record ServiceDescriptor(long id, String target, String state, @JsonUnwrapped ServiceLoadDescriptor load,
			Duration age, @JsonUnwrapped ServiceSnapshot.Totals totals, PoolSnapshot.@Nullable Suspension suspension,
			Map<String, String> details) {

		static ServiceDescriptor of(ServiceSnapshot service) {
			return new ServiceDescriptor(service.id(), service.target(), service.state().code(),
					ServiceLoadDescriptor.of(service.load()), service.age(), service.totals(), service.suspension(),
					service.details());
		}

	}

	/**
	 * Description of the load of a service.
	 *
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
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record ServiceLoadDescriptor(int inFlight, @Nullable Integer limit, @Nullable Integer learnedLimit,
			@Nullable Double loadScore) {

		static ServiceLoadDescriptor of(ServiceSnapshot.Load load) {
			return new ServiceLoadDescriptor(load.inFlight(), nullable(load.limit()), nullable(load.learnedLimit()),
					finite(load.score()));
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

		static EventDescriptor of(PoolSnapshot.CountedEvent counted) {
			PoolEvent event = counted.event();
			PoolEvent.Reason reason = event.reason();
			return new EventDescriptor(event.timestamp(), event.type().code(), (reason != null) ? reason.code() : null,
					event.message(), counted.count(), event.service(), event.poolSize());
		}

		static @Nullable EventDescriptor ofNullable(@Nullable PoolEvent event) {
			return (event != null) ? of(new PoolSnapshot.CountedEvent(event, 1)) : null;
		}

	}

}
