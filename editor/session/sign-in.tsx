export const SignIn = () => <p className="p-6">SignIn</p>
