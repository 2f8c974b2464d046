package dev.servicepool.spring.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClient;

/**
 * {@link ServiceDiscovery} that uses the {@link DiscoveryClient} beans. They are looked
 * up for each query, because their own HTTP client may use pools, so that a pool may be
 * created before they are.
 */
final class DiscoveryClients implements ServiceDiscovery {

	/** Key of the metadata that contains the zone, as in Spring Cloud LoadBalancer. */
	private static final String ZONE = "zone";

	private final ListableBeanFactory beanFactory;

	DiscoveryClients(ListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public boolean isAvailable() {
		return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, DiscoveryClient.class, true,
				false).length > 0;
	}

	@Override
	public List<FoundTarget> instances(String service) {
		return client().getInstances(service)
			.stream()
			.map((instance) -> new FoundTarget(address(instance), zone(instance)))
			.toList();
	}

	private static @Nullable String zone(ServiceInstance instance) {
		Map<String, String> metadata = instance.getMetadata();
		return (metadata != null) ? metadata.get(ZONE) : null;
	}

	/** Return the only or the primary client or, if there is none, all clients as one. */
	private DiscoveryClient client() {
		ObjectProvider<DiscoveryClient> clients = this.beanFactory.getBeanProvider(DiscoveryClient.class);
		return clients.getIfUnique(() -> new CompositeDiscoveryClient(clients.orderedStream().toList()));
	}

	/**
	 * Return the address of an instance. Its own URI is not used, because it does not put
	 * IPv6 addresses in brackets.
	 */
	static String address(ServiceInstance instance) {
		String host = Objects.requireNonNullElse(instance.getHost(), "");
		boolean ipv6 = host.indexOf(':') != -1 && !host.startsWith("[");
		return (instance.isSecure() ? "https://" : "http://") + (ipv6 ? "[" + host + "]" : host)
				+ ((instance.getPort() >= 0) ? ":" + instance.getPort() : "");
	}

}
