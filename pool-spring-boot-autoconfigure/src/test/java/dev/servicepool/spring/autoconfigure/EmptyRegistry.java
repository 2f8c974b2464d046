package dev.servicepool.spring.autoconfigure;

import java.util.List;

/**
 * Service registry that knows no instances, for applications without Spring Cloud.
 */
public final class EmptyRegistry implements ServiceDiscovery {

	@Override
	public boolean isAvailable() {
		return true;
	}

	@Override
	public List<FoundTarget> instances(String service) {
		return List.of();
	}

}
