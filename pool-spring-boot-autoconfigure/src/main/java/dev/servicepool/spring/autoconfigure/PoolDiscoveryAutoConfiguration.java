package dev.servicepool.spring.autoconfigure;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for pools whose targets a service
 * registry supplies.
 */
@AutoConfiguration(after = PoolAutoConfiguration.class)
@ConditionalOnClass(DiscoveryClient.class)
@ConditionalOnBean(PoolRegistry.class)
public final class PoolDiscoveryAutoConfiguration {

	@Bean
	DiscoveryClients poolDiscoveryClients(ListableBeanFactory beanFactory) {
		return new DiscoveryClients(beanFactory);
	}

	@Bean
	HeartbeatListener poolHeartbeatListener(ObjectProvider<TargetSources> targetSources) {
		return new HeartbeatListener(targetSources);
	}

	/**
	 * Queries the targets of pools when a registry may have changed.
	 */
	static final class HeartbeatListener implements ApplicationListener<HeartbeatEvent> {

		private final ObjectProvider<TargetSources> targetSources;

		HeartbeatListener(ObjectProvider<TargetSources> targetSources) {
			this.targetSources = targetSources;
		}

		@Override
		public void onApplicationEvent(HeartbeatEvent event) {
			this.targetSources.ifAvailable(TargetSources::registryChanged);
		}

	}

}
