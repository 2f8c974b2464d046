package dev.servicepool.spring.options;

import java.time.Duration;

import dev.servicepool.OutlierDetection;
import dev.servicepool.OutlierDetectionBuilder;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.PropertyMapper;

/**
 * Properties for {@link OutlierDetection}. The value {@code null} means that the property
 * is not set.
 */
public class OutlierDetectionOptions {

	/**
	 * Number of consecutive failures after which a service is ejected. Zero disables this
	 * check.
	 */
	private @Nullable Integer consecutiveFailures;

	/**
	 * Share of failed requests that causes the ejection of a service, from 0 to 1. Zero
	 * disables this check.
	 */
	private @Nullable Double failureRate;

	/**
	 * Minimum number of requests for the failure rate. The failure rate applies only
	 * after this number of requests within the interval.
	 */
	private @Nullable Integer requestVolume;

	/**
	 * Period over which the share of failed requests is computed. Each whole period
	 * without a failure cancels one previous ejection, so that the next ejection is
	 * shorter.
	 */
	private @Nullable Duration interval;

	/**
	 * Duration of the first ejection. The second ejection lasts twice as long, the third
	 * one three times as long, and so on.
	 */
	private @Nullable Duration baseEjectionTime;

	/**
	 * Maximum duration of an ejection.
	 */
	private @Nullable Duration maxEjectionTime;

	public @Nullable Integer getConsecutiveFailures() {
		return this.consecutiveFailures;
	}

	public void setConsecutiveFailures(@Nullable Integer consecutiveFailures) {
		this.consecutiveFailures = consecutiveFailures;
	}

	public @Nullable Double getFailureRate() {
		return this.failureRate;
	}

	public void setFailureRate(@Nullable Double failureRate) {
		this.failureRate = failureRate;
	}

	public @Nullable Integer getRequestVolume() {
		return this.requestVolume;
	}

	public void setRequestVolume(@Nullable Integer requestVolume) {
		this.requestVolume = requestVolume;
	}

	public @Nullable Duration getInterval() {
		return this.interval;
	}

	public void setInterval(@Nullable Duration interval) {
		this.interval = interval;
	}

	public @Nullable Duration getBaseEjectionTime() {
		return this.baseEjectionTime;
	}

	public void setBaseEjectionTime(@Nullable Duration baseEjectionTime) {
		this.baseEjectionTime = baseEjectionTime;
	}

	public @Nullable Duration getMaxEjectionTime() {
		return this.maxEjectionTime;
	}

	public void setMaxEjectionTime(@Nullable Duration maxEjectionTime) {
		this.maxEjectionTime = maxEjectionTime;
	}

	/**
	 * Apply the properties that are set to a builder.
	 * @param builder the builder
	 */
	void applyTo(OutlierDetectionBuilder builder) {
		PropertyMapper map = PropertyMapper.get();
		map.from(this::getConsecutiveFailures).to(builder::consecutiveFailures);
		map.from(this::getFailureRate).to(builder::failureRate);
		map.from(this::getRequestVolume).to(builder::requestVolume);
		map.from(this::getInterval).to(builder::interval);
		map.from(this::getBaseEjectionTime).to(builder::baseEjectionTime);
		map.from(this::getMaxEjectionTime).to(builder::maxEjectionTime);
	}

}
