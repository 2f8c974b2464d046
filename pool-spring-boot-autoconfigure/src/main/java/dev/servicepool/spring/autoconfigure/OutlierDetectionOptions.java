package dev.servicepool.spring.autoconfigure;

import java.time.Duration;

import dev.servicepool.OutlierDetection;
import dev.servicepool.OutlierDetectionBuilder;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.PropertyMapper;

/**
 * The options of {@link OutlierDetection} as properties. What is {@code null} is not set.
 */
public class OutlierDetectionOptions {

	/**
	 * After how many failures in a row a service is ejected. Zero is never.
	 */
	private @Nullable Integer consecutiveFailures;

	/**
	 * At which share of failed requests within an interval a service is ejected, between
	 * 0 and 1. Zero is never.
	 */
	private @Nullable Double failureRate;

	/**
	 * How many requests there must be in an interval for that share to mean something.
	 */
	private @Nullable Integer requestVolume;

	/**
	 * Over how much time that share is taken, and after how much time without failing
	 * badly one ejection is forgotten.
	 */
	private @Nullable Duration interval;

	/**
	 * How long a first ejection lasts; the second twice as long, and so on.
	 */
	private @Nullable Duration baseEjectionTime;

	/**
	 * How long an ejection lasts at most.
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
	 * Set on a builder what is set here.
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
