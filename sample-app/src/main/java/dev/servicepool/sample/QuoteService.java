package dev.servicepool.sample;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.GetExchange;

/**
 * HTTP service interface of the quote servers. Only {@code application.yml} configures
 * that its requests use a pool.
 */
interface QuoteService {

	@GetExchange("/quotes/{symbol}")
	Quote quote(@PathVariable String symbol);

}
