# The modules that Debian's kernel leaves out, as its own Makefiles describe them.
ccflags-y := -DCONFIG_V4L2_MEM2MEM_DEV=1
obj-m := vicodec.o vim2m.o
vicodec-objs := vicodec-core.o codec-fwht.o codec-v4l2-fwht.o
# Some architectures' kernels have it.
ifneq ($(CONFIG_V4L2_MEM2MEM_DEV),m)
ifneq ($(CONFIG_V4L2_MEM2MEM_DEV),y)
obj-m += v4l2-mem2mem.o
endif
endif
