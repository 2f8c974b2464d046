package dev.servicepool.spring.actuate;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.servicepool.PoolSnapshot;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of one pool.
 *
 * @param summary what matters most, shown as fields of the pool itself
 * @param headroom what keeps services from being removed
 * @param settings the settings in force
 * @param members the services, oldest first, those that drain included
 * @param events the last decisions, oldest first
 */
public record PoolDescriptor(@JsonUnwrapped PoolSummary summary, PoolSnapshot.Headroom headroom,
		SettingsDescriptor settings, List<MemberDescriptor> members,
		List<EventDescriptor> events) implements OperationResponseBody {

	static PoolDescriptor of(PoolSnapshot snapshot) {
		return new PoolDescriptor(PoolSummary.of(snapshot), snapshot.headroom(),
				SettingsDescriptor.of(snapshot.settings()),
				snapshot.members().stream().map(MemberDescriptor::of).toList(),
				snapshot.events().stream().map(EventDescriptor::of).toList());
	}

}
