package dev.servicepool.spring.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * targets, or a service registry or a {@link dev.servicepool.spring.TargetSource} bean
 * that supplies them, but no {@link ServiceFactory} bean of that name.
 */
final class HttpPoolRegistrar implements ImportBeanDefinitionRegistrar {

	private static final ResolvableType HTTP_POOL = ResolvableType.forClassWithGenerics(Pool.class, HttpCall.class,
			ClientHttpResponse.class);

	private final PoolRegistration registration;

	HttpPoolRegistrar(BeanFactory beanFactory, Environment environment) {
		this.registration = PoolRegistration.of(beanFactory, environment);
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		ConfigurableListableBeanFactory beanFactory = this.registration.beanFactory();
		Set<PoolName> factories = Stream.of(beanFactory.getBeanNamesForType(ServiceFactory.class, true, false))
			.map(PoolName::of)
			.collect(Collectors.toSet());
		List<String> sourceBeans = TargetSources.beans(beanFactory);
		Set<PoolName> sources = TargetSources.byPool(sourceBeans).keySet();
		boolean shared = TargetSources.sharedBean(sourceBeans) != null;
		names(sources).forEach((name, spelling) -> {
			PoolConfiguration configuration = this.registration.properties().pool(spelling);
			boolean targets = shared || sources.contains(name) || configuration.addresses().discovery().enabled()
					|| !configuration.addresses().targets().isEmpty();
			if (!factories.contains(name) && this.registration.isNeeded(spelling) && targets) {
				this.registration.register(registry, spelling, HTTP_POOL, HttpPoolFactory.BEAN_NAME);
			}
		});
	}

	/**
	 * Return the names of all instances, each in the spelling of the property source with
	 * the lowest precedence. Environment variables have a higher precedence but cannot
	 * spell every name.
	 */
	private Map<PoolName, String> names(Set<PoolName> sources) {
		Map<PoolName, String> names = new LinkedHashMap<>();
		sources.forEach((name) -> names.put(name, name.toString()));
		this.registration.properties()
			.getInstances()
			.keySet()
			.forEach((spelling) -> names.put(PoolName.of(spelling), spelling));
		return names;
	}

}
