package dev.servicepool.sample;

import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of the forecast models. The starter adds a {@link Pool} with the name
 * {@code forecasts} and the settings {@code pool.instances.forecasts}. The types of the
 * requests and responses are public, because the code that Spring AOT generates for the
 * pool refers to them from another package.
 */
@Configuration(proxyBeanMethods = false)
class ForecastConfiguration {

	@Bean
	ServiceFactory<Quote, Forecast> forecasts() {
		return (target) -> {
			ForecastModel model = ForecastModel.start();
			return Service.of(model::forecast, model);
		};
	}

}
