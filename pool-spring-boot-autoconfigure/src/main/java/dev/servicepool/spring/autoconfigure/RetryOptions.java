package dev.servicepool.spring.autoconfigure;

import dev.servicepool.PoolBuilder;
import dev.servicepool.Retry;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.PropertyMapper;

/**
 * Properties for {@link Retry}. The value {@code null} means that the property is not
 * set.
 */
public class RetryOptions {

	/**
	 * Maximum number of times that a request is sent again after its connection was lost.
	 * Applies to HTTP requests that are safe to repeat, such as GET. Zero disables
	 * repetition.
	 */
	private @Nullable Integer maxRetries;

	private final Budget budget = new Budget();

	public @Nullable Integer getMaxRetries() {
		return this.maxRetries;
	}

	public void setMaxRetries(@Nullable Integer maxRetries) {
		this.maxRetries = maxRetries;
	}

	public Budget getBudget() {
		return this.budget;
	}

	void applyTo(PoolBuilder builder) {
		PropertyMapper map = PropertyMapper.get();
		map.from(this::getMaxRetries).to(builder::maxRetries);
		map.from(this.budget::getRatio).to(builder::retryBudgetRatio);
		map.from(this.budget::getPerSecond).to(builder::retryBudgetPerSecond);
	}

	/**
	 * Properties for {@link dev.servicepool.Retry.Budget}.
	 */
	public static class Budget {

		/**
		 * Number of repeated requests as a share of the requests of the last 10 seconds,
		 * from 0 to 1.
		 */
		private @Nullable Double ratio;

		/**
		 * Number of repeated requests per second that are allowed in addition to the
		 * share.
		 */
		private @Nullable Integer perSecond;

		public @Nullable Double getRatio() {
			return this.ratio;
		}

		public void setRatio(@Nullable Double ratio) {
			this.ratio = ratio;
		}

		public @Nullable Integer getPerSecond() {
			return this.perSecond;
		}

		public void setPerSecond(@Nullable Integer perSecond) {
			this.perSecond = perSecond;
		}

	}

}
