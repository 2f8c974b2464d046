package dev.servicepool;

/**
 * Settings of further attempts of requests whose connection was lost.
 *
 * @param maxRetries the maximum number of further attempts of one request, at least 0; 0
 * disables them
 * @param budget the limit of further attempts of all requests
 */
public record Retry(int maxRetries, Budget budget) {

	/** The default of {@link #maxRetries}. */
	public static final int DEFAULT_MAX_RETRIES = 1;

	/**
	 * Validate the settings.
	 * @throws InvalidSettingException if a setting has an invalid value
	 */
	public Retry {
		requireNotNegative("maxRetries", maxRetries);
	}

	private static void requireNotNegative(String setting, int value) {
		if (value < 0) {
			throw new InvalidSettingException("retry." + setting, value, "must not be negative");
		}
	}

	/**
	 * Limit of further attempts, so that they add little to the load of servers in
	 * trouble. Both limits are added.
	 *
	 * @param ratio the number of attempts as a share of the requests of the last 9
	 * seconds, from 0 to 1
	 * @param perSecond the number of attempts per second, at least 0
	 */
	public record Budget(double ratio, int perSecond) {

		/** The default of {@link #ratio}. */
		public static final double DEFAULT_RATIO = 0.2;

		/** The default of {@link #perSecond}. */
		public static final int DEFAULT_PER_SECOND = 10;

		/**
		 * Validate the settings.
		 * @throws InvalidSettingException if a setting has an invalid value
		 */
		public Budget {
			if (!(ratio >= 0 && ratio <= 1)) {
				throw new InvalidSettingException("retry.budget.ratio", ratio, "must be between 0 and 1");
			}
			requireNotNegative("budget.perSecond", perSecond);
		}

	}

}
