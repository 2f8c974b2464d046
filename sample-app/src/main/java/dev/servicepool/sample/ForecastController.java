package dev.servicepool.sample;

import dev.servicepool.Pool;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * Controller that returns forecasts. It requests a quote through the pool of HTTP
 * clients, and then a forecast from the pool of models.
 */
@RestController
class ForecastController {

	private final QuoteService quotes;

	private final Pool<Quote, Forecast> forecasts;

	ForecastController(QuoteService quotes, Pool<Quote, Forecast> forecasts) {
		this.quotes = quotes;
		this.forecasts = forecasts;
	}

	@GetMapping("/quotes/{symbol}/forecast")
	Forecast forecast(@PathVariable String symbol) throws Exception {
		return this.forecasts.call(this.quotes.quote(symbol));
	}

}
