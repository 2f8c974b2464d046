package dev.servicepool.spring.actuate;

import java.time.Duration;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.servicepool.PoolSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Description of one service of a pool.
 *
 * @param id the number of the service in its pool, in the order of creation, from 1
 * @param target the name of the target
 * @param state the state, such as {@code ready}
 * @param inFlight the number of requests in flight
 * @param limit the current concurrency limit, 1 while the service is cold; {@code null}
 * if there is no limit
 * @param learnedLimit the concurrency limit that applies when the service is not cold: as
 * configured, or lower if the server refused requests; {@code null} if there is no limit
 * @param loadScore the load score that the pool compares when it picks a service; the
 * service reports this value, or the load metric measures it: in milliseconds for
 * {@code peak-ewma}, in requests for {@code pending-requests}; {@code null} if the value
 * is not a finite number
 * @param age the time since the service joined
 * @param calls the number of requests so far
 * @param failures the number of requests that failed
 * @param ejections the number of ejections so far
 * @param suspension the reason for the suspension and its remaining time; {@code null} if
 * the service is not suspended
 * @param details what the service reports about itself, such as its protocol
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ServiceDescriptor(long id, String target, String state, int inFlight, @Nullable Integer limit,
		@Nullable Integer learnedLimit, @Nullable Double loadScore, Duration age, long calls, long failures,
		long ejections, PoolSnapshot.@Nullable Suspension suspension, Map<String, String> details) {

	static ServiceDescriptor of(PoolSnapshot.ServiceSnapshot service) {
		return new ServiceDescriptor(service.id(), service.target(), service.state().code(), service.inFlight(),
				Numbers.nullable(service.limit()), Numbers.nullable(service.learnedLimit()),
				Numbers.finite(service.loadScore()), service.age(), service.calls(), service.failures(),
				service.ejections(), service.suspension(), service.details());
	}

}
