package dev.servicepool.spring.autoconfigure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import dev.servicepool.Pool;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.annotation.Order;

/**
 * Explains that a bean requires a {@link Pool} with types that no pool has. It runs
 * before Boot's analyzer of missing beans, because that analyzer would suggest declaring
 * a pool bean.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class MissingPoolFailureAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

	private final ConfigurableListableBeanFactory beanFactory;

	private final Environment environment;

	MissingPoolFailureAnalyzer(BeanFactory beanFactory, Environment environment) {
		this.environment = environment;
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		ResolvableType wanted = cause.getResolvableType();
		if (wanted == null || wanted.resolve() != Pool.class || cause.getNumberOfBeansFound() > 0) {
			return null;
		}
		return new FailureAnalysis(((description != null) ? description : "A bean") + " requires a " + code(wanted)
				+ ", but " + pools() + ".", action(wanted), cause);
	}

	private String pools() {
		List<String> pools = new ArrayList<>(
				Arrays.stream(this.beanFactory.getBeanNamesForType(Pool.class, true, false))
					.map((bean) -> "'" + bean + "' is a " + code(DeclaredType.of(this.beanFactory, bean, Pool.class)))
					.sorted()
					.toList());
		disabled().forEach((pool) -> pools.add("'" + pool + "' is disabled"));
		return pools.isEmpty() ? "no pools exist" : String.join(", ", pools);
	}

	private String action(ResolvableType wanted) {
		if (this.beanFactory.getBeanNamesForType(PoolRegistry.class, true, false).length == 0) {
			return "Pools are not auto-configured: remove the exclusion of PoolAutoConfiguration, or change the bean so"
					+ " that it does not require a pool.";
		}
		if (!disabled().isEmpty()) {
			return "Remove 'pool.instances." + disabled().get(0) + ".enabled', or change the bean so that it does not"
					+ " require the pool.";
		}
		return "Declare a " + code(wanted).replaceFirst("Pool", "ServiceFactory")
				+ " bean, so that a pool is created for it, or inject a Pool with the types of an existing pool.";
	}

	/** Return the names of the pools that a property disables. */
	private List<String> disabled() {
		return PoolProperties.of(this.environment)
			.pools()
			.stream()
			.filter((pool) -> !pool.enabled())
			.map(PoolConfiguration::pool)
			.toList();
	}

	/** Return a type as it is written in code. */
	private static String code(ResolvableType type) {
		Class<?> raw = type.resolve();
		String generics = Arrays.stream(type.getGenerics())
			.map(MissingPoolFailureAnalyzer::code)
			.collect(Collectors.joining(", ", "<", ">"));
		return ((raw != null) ? raw.getSimpleName() : "?") + (type.hasGenerics() ? generics : "");
	}

}
