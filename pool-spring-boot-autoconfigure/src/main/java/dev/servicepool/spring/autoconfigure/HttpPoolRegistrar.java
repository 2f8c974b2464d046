package dev.servicepool.spring.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.servicepool.Pool;
import dev.servicepool.ServiceFactory;
import dev.servicepool.spring.http.HttpCall;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Registers a bean {@code NAMEPool} for each {@code pool.instances.NAME} that has
 * targets, or a {@link dev.servicepool.spring.TargetSource} bean that supplies them, but
 * no {@link ServiceFactory} bean of that name.
 */
final class HttpPoolRegistrar implements ImportBeanDefinitionRegistrar {

	private static final ResolvableType HTTP_POOL = ResolvableType.forClassWithGenerics(Pool.class, HttpCall.class,
			ClientHttpResponse.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private final PoolRegistration registration;

	HttpPoolRegistrar(BeanFactory beanFactory, Environment environment) {
		this.registration = PoolRegistration.of(beanFactory, environment);
		this.beanFactory = this.registration.beanFactory();
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		Set<PoolName> factories = Stream.of(this.beanFactory.getBeanNamesForType(ServiceFactory.class, true, false))
			.map(PoolName::of)
			.collect(Collectors.toSet());
		List<String> sourceBeans = TargetSources.beans(this.beanFactory);
		Map<PoolName, String> sources = sources(sourceBeans);
		boolean shared = TargetSources.sharedBean(sourceBeans) != null;
		names(sources).forEach((name, spelling) -> {
			boolean targets = shared || sources.containsKey(name)
					|| !this.registration.properties().pool(spelling).addresses().targets().isEmpty();
			if (!factories.contains(name) && this.registration.isNeeded(spelling) && targets) {
				this.registration.register(registry, spelling, HTTP_POOL, HttpPoolFactory.BEAN_NAME);
			}
		});
	}

	/**
	 * Return the names of the pools that have a {@code TargetSource} bean of their own.
	 */
	private static Map<PoolName, String> sources(List<String> sourceBeans) {
		Map<PoolName, String> sources = new LinkedHashMap<>();
		sourceBeans.stream()
			.map(TargetSources::poolOf)
			.filter(Objects::nonNull)
			.forEach((pool) -> sources.put(PoolName.of(pool), pool));
		return sources;
	}

	/**
	 * Return the names of all instances, each in the spelling of the property source with
	 * the lowest precedence. Environment variables have a higher precedence but cannot
	 * spell every name.
	 */
	private Map<PoolName, String> names(Map<PoolName, String> sources) {
		Map<PoolName, String> names = new LinkedHashMap<>(sources);
		this.registration.properties()
			.getInstances()
			.keySet()
			.forEach((spelling) -> names.put(PoolName.of(spelling), spelling));
		return names;
	}

}
