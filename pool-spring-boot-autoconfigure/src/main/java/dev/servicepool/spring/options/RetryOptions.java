package dev.servicepool.spring.options;

import java.util.Set;

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
	 * Maximum number of times that a request is sent again although a server may have
	 * processed it. Over HTTP/2, the first lost connection does not count. Zero disables
	 * repetition.
	 */
	private @Nullable Integer maxRetries;

	/**
	 * Comma-separated list of failures after which a request is sent again. Only for HTTP
	 * pools.
	 */
	private @Nullable Set<RetryFailure> failures;

	/**
	 * Comma-separated list of response statuses after which a request is sent again, from
	 * 400 to 599. Only for HTTP pools.
	 */
	private @Nullable Set<Integer> statuses;

	/**
	 * Comma-separated list of methods of the requests that are sent again. A request with
	 * another method is sent again only if it carries an Idempotency-Key header or is
	 * declared retryable. Only for HTTP pools.
	 */
	private @Nullable Set<RetryMethod> methods;

	private final Budget budget = new Budget();

	public @Nullable Integer getMaxRetries() {
		return this.maxRetries;
	}

	public void setMaxRetries(@Nullable Integer maxRetries) {
		this.maxRetries = maxRetries;
	}

	public @Nullable Set<RetryFailure> getFailures() {
		return this.failures;
	}

	public void setFailures(@Nullable Set<RetryFailure> failures) {
		this.failures = failures;
	}

	public @Nullable Set<Integer> getStatuses() {
		return this.statuses;
	}

	public void setStatuses(@Nullable Set<Integer> statuses) {
		this.statuses = statuses;
	}

	public @Nullable Set<RetryMethod> getMethods() {
		return this.methods;
	}

	public void setMethods(@Nullable Set<RetryMethod> methods) {
		this.methods = methods;
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
		 * Number of repeated requests as a share of the requests of the last 9 seconds,
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
