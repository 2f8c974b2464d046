package dev.servicepool.spring.autoconfigure;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;

/**
 * Determines the type arguments in the declaration of a bean. The instance does not
 * always know its type arguments. For example, a lambda expression does not know them.
 */
final class DeclaredType {

	private DeclaredType() {
	}

	/**
	 * Return the declared type of a bean.
	 * @param beanFactory the bean factory that defines the bean
	 * @param bean the name of the bean; no instance of it is created
	 * @param type the generic type that the bean implements
	 * @return that type, with its arguments as far as they are declared
	 */
	static ResolvableType of(ConfigurableListableBeanFactory beanFactory, String bean, Class<?> type) {
		ResolvableType declared = beanFactory.containsBeanDefinition(bean)
				? beanFactory.getMergedBeanDefinition(bean).getResolvableType().as(type) : ResolvableType.NONE;
		if (declared == ResolvableType.NONE) {
			declared = ResolvableType.forClass(beanFactory.getType(bean)).as(type);
		}
		return (declared != ResolvableType.NONE) ? declared : ResolvableType.forClass(type);
	}

}
