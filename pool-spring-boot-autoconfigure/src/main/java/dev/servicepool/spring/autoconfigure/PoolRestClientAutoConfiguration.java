package dev.servicepool.spring.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ResourceLoader;
import org.springframework.web.client.RestClient;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link RestClient} over pools.
 * It is there even if pooling is switched off, so that clients still can be built.
 */
@AutoConfiguration(after = PoolAutoConfiguration.class)
@ConditionalOnClass({ RestClient.class, ClientHttpRequestFactoryBuilder.class })
@EnableConfigurationProperties(PoolProperties.class)
public final class PoolRestClientAutoConfiguration {

	@Bean
	@ConditionalOnBean(PoolRegistry.class)
	HttpPoolKind httpPoolKind() {
		return new HttpPoolKind();
	}

	@Bean
	@ConditionalOnBean(PoolRegistry.class)
	@ConditionalOnMissingBean(RestClientPools.class)
	PooledRestClients restClientPools(PoolRegistry registry, ResourceLoader resourceLoader,
			ObjectProvider<ClientHttpRequestFactoryBuilder<?>> requestFactoryBuilder,
			ObjectProvider<HttpClientSettings> settings) {
		return new PooledRestClients(registry,
				() -> requestFactoryBuilder
					.getIfAvailable(() -> ClientHttpRequestFactoryBuilder.detect(resourceLoader.getClassLoader()))
					.build(settings.getIfAvailable(HttpClientSettings::defaults)));
	}

	@Bean
	@ConditionalOnMissingBean({ RestClientPools.class, PoolRegistry.class })
	PlainRestClients plainRestClientPools(PoolProperties properties) {
		return new PlainRestClients(properties);
	}

}
