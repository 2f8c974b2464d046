package dev.servicepool.spring.autoconfigure;

import java.util.Objects;

import dev.servicepool.Pool;
import dev.servicepool.spring.actuate.PoolHealthContributor;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link PoolHealthContributor}.
 */
@AutoConfiguration(after = { PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class })
@ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
@ConditionalOnEnabledHealthIndicator("pool")
@ConditionalOnBean(PoolRegistry.class)
@Conditional(PoolHealthContributorAutoConfiguration.AnyPool.class)
public final class PoolHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "poolHealthIndicator", "poolHealthContributor" })
	PoolHealthContributor poolHealthContributor(PoolRegistry registry, PoolProperties properties) {
		return new PoolHealthContributor(registry::all, registry::find,
				(pool) -> properties.pool(pool).outOfServiceWhenUnavailable());
	}

	/**
	 * Condition that a pool exists or is disabled. If a health group includes
	 * {@code pool}, the application would not start without the contributor.
	 */
	static final class AnyPool extends AnyNestedCondition {

		AnyPool() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnBean(Pool.class)
		static final class Existing {

		}

		@Conditional(ConfiguredPool.class)
		static final class Configured {

		}

	}

	/**
	 * Condition that {@code pool.instances} names a pool.
	 */
	static final class ConfiguredPool implements Condition {

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			BeanFactory beanFactory = Objects.requireNonNull(context.getBeanFactory(), "beanFactory");
			return !PoolRegistration.of(beanFactory, context.getEnvironment()).properties().getInstances().isEmpty();
		}

	}

}
