package dev.servicepool.spring.autoconfigure;

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
import org.springframework.core.annotation.Order;

/**
 * Explains that a {@link Pool} is asked for and there is none of its types. It comes
 * before Boot's analyzer of missing beans, which would have a pool bean declared.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class MissingPoolFailureAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

	private final ConfigurableListableBeanFactory beanFactory;

	MissingPoolFailureAnalyzer(BeanFactory beanFactory) {
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		ResolvableType wanted = cause.getResolvableType();
		if (wanted == null || wanted.resolve() != Pool.class || cause.getNumberOfBeansFound() > 0) {
			return null;
		}
		return new FailureAnalysis(((description != null) ? description : "A bean") + " needs a " + code(wanted)
				+ ", but " + pools() + ".", action(wanted), cause);
	}

	private String pools() {
		List<String> pools = Arrays.stream(this.beanFactory.getBeanNamesForType(Pool.class, true, false))
			.map((bean) -> "'" + bean + "' is a " + code(DeclaredType.of(this.beanFactory, bean, Pool.class)))
			.sorted()
			.toList();
		return pools.isEmpty() ? "there are no pools" : String.join(", ", pools);
	}

	private String action(ResolvableType wanted) {
		if (this.beanFactory.getBeanNamesForType(PoolRegistry.class, true, false).length == 0) {
			return "Pooling is switched off or not auto-configured: set 'pool.enabled' to true, or let the bean do"
					+ " without a pool.";
		}
		return "Declare a bean " + code(wanted).replaceFirst("Pool", "ServiceFactory")
				+ ", for which a pool is made, or ask for the types of a pool that there is.";
	}

	/** Types as they are written in code. */
	private static String code(ResolvableType type) {
		Class<?> raw = type.resolve();
		String generics = Arrays.stream(type.getGenerics())
			.map(MissingPoolFailureAnalyzer::code)
			.collect(Collectors.joining(", ", "<", ">"));
		return ((raw != null) ? raw.getSimpleName() : "?") + (type.hasGenerics() ? generics : "");
	}

}
