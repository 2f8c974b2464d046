package dev.servicepool.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.web.service.registry.ImportHttpServices;

/**
 * Main class of the sample.
 */
@SpringBootApplication(proxyBeanMethods = false)
@EnableScheduling
@ImportHttpServices(group = "quotes", types = QuoteService.class)
public class SampleApplication {

	public static void main(String[] args) {
		SpringApplication.run(SampleApplication.class, args);
	}

}
