package dev.servicepool.spring.actuate;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.servicepool.PoolSnapshot;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

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
